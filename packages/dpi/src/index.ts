/** Bytes to records. Pure: time comes with the packets. */
export { ABOUT, type About } from './about.ts';
export type * from './dissector.ts';
export { nameCall } from './dissectors/dce-rpc/interfaces.ts';
export { DISSECTORS } from './dissectors/index.ts';
export { Engine } from './engine.ts';
export type * from './face.ts';
export type { FileOptions, FileSink, FileStart } from './files/transfer.ts';
export { type GateCounts, type GateOptions, PacketGate, type PacketTaker } from './packets/gate.ts';
export { isAddress, mappedAddress, Outline } from './packets/outline.ts';
export { RingKeys } from './packets/ring-keys.ts';
