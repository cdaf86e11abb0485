/** Bytes to records. Pure: time comes with the packets. */
export type * from './dissector.ts';
export type * from './engine.ts';
