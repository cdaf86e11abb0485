/** Packets in, from files and interfaces; log files in, as records. */
export { type ReadCapturesOptions, readCaptures } from './files/read-captures.ts';
export { type CaptureLiveOptions, captureLive, type LiveStats } from './live.ts';
export type * from './source.ts';
