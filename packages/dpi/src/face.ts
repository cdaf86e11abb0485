/** The dissection engine's face to the rest of the product; no I/O, no clock, no timers. */
import type { LogRecord } from '@thymus/core';
import type { OnDemand } from './dissector.ts';
import type { FileOptions } from './files/transfer.ts';

export interface EngineOptions {
  /** What to do with wrong checksums: drop the packet, as Zeek does, or not look. */
  checksums: 'check' | 'ignore';
  /** Internal networks as CIDR texts, for local_orig and local_resp. */
  internal?: readonly string[];
  /** Fill the columns that Zeek does not have (community ID, fingerprints, MAC addresses, JA3, JA4); true by default. */
  ownColumns?: boolean;
  /** Tell of software in use and of what is wrong (software and notice records); true by default. */
  findings?: boolean;
  /** Makes the VLAN part of the flow key. */
  vlanAware?: boolean;
  /** Emit conn_update records, ms between two of a connection; 0 = never. */
  updateEvery?: number;
  /** Hash and extract files; neither by default. */
  files?: FileOptions;
  /** Rows that Zeek writes only on demand; files written over SMB by default, as detection asks for them. */
  onDemand?: readonly OnDemand[];
  /** Caps; each hit is counted in `counters` and told as a weird record. */
  limits?: Partial<EngineLimits>;
}

export interface EngineLimits {
  flows: number;
  fragments: number;
  /** Bytes of one direction of one stream that wait for a gap to fill. */
  outOfOrderBytes: number;
  /** Bytes of one direction of one stream that a dissector may ask to see again. */
  messageBytes: number;
}

export interface EngineFace {
  /**
   * Reads one packet. `bytes[offset .. offset+caplen)` is the frame, valid only during the call; `wirelen` its length
   * on the wire; `ts` ms since the epoch; `linktype` a LINKTYPE_ number of pcap.
   */
  packet(
    bytes: Uint8Array,
    offset: number,
    caplen: number,
    wirelen: number,
    ts: number,
    linktype: number,
  ): void;
  /** Moves the clock without a packet, so that timeouts pass on a quiet line. */
  advance(ts: number): void;
  /** Ends all connections. The engine can be used again. */
  finish(): void;
  readonly counters: Readonly<Record<string, number>>;
}

export type Emit = (record: LogRecord) => void;
