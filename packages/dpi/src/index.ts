/** Bytes to records. Pure: time comes with the packets. */
export type * from './dissector.ts';
export { DISSECTORS } from './dissectors/index.ts';
export { Engine } from './engine.ts';
export type * from './face.ts';
