/** Where packets come from: files and interfaces give the same stream of frames. */

export interface PacketSink {
  /** One frame, valid only during the call. `ts` in ms since the epoch, `linktype` a LINKTYPE_ number. */
  packet(
    bytes: Uint8Array,
    offset: number,
    caplen: number,
    wirelen: number,
    ts: number,
    linktype: number,
  ): void;
}

export interface CaptureProgress {
  /** Bytes of all files as they lie on the disk, read and in total. */
  bytesRead: number;
  bytesTotal: number;
  packets: number;
}

/** A file that could not be read, or not to its end. */
export interface CaptureFault {
  path: string;
  /** What is wrong, where, and what was expected; one sentence without the path. */
  message: string;
  /** How many packets, or records of a log, were read all the same. */
  packets: number;
}

export interface CaptureSummary {
  packets: number;
  /** Length of all packets on the wire. */
  bytes: number;
  faults: CaptureFault[];
}
