/** The vocabulary of Thymus: records, addresses, ids, errors, byte readers. Runs anywhere. */
export * from './address.ts';
export * from './civil.ts';
export * from './codec.ts';
export * from './errors.ts';
export * from './frames.ts';
export * from './nearest.ts';
export * from './pcap-writer.ts';
export * from './random.ts';
export * from './reader.ts';
export * from './records/index.ts';
export type * from './schema.ts';
export * from './score.ts';
export * from './uid.ts';
