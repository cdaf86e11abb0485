/** Packets in, from files and interfaces. */
export type * from './source.ts';
