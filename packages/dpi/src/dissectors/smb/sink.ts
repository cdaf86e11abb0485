/** Where the bytes of a read or write go while they come. */
export interface Sink {
  data(bytes: Uint8Array, from: number, to: number): void;
  /** Bytes that were never seen. */
  gap(length: number): void;
}
