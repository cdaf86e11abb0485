/** What a dissector is: bytes of one connection in, records of one protocol out. */
import type { LogRecord } from '@thymus/core';
import type { Expected } from './applications/expected.ts';
import type { FileOptions, FileStart, FileTransfer } from './files/transfer.ts';

/** Rows that Zeek writes only on demand. */
export type OnDemand = 'smb_reads' | 'smb_writes';

/** The connection a dissector works for. Valid as long as the connection. */
export interface Connection {
  readonly uid: string;
  /** Start of the connection, ms since the epoch. */
  readonly start: number;
  /** Time of the packet that is being read. */
  readonly ts: number;
  readonly proto: 'tcp' | 'udp' | 'icmp';
  /** Canonical text. */
  readonly source_ip: string;
  readonly source_port: number;
  readonly dest_ip: string;
  readonly dest_port: number;
  /** The originator, the responder lies in an internal network. */
  readonly local_orig: boolean;
  readonly local_resp: boolean;
  /** The columns that Zeek does not have are wanted. */
  readonly wantsOwn: boolean;
  emit(record: LogRecord): void;
  /** Tells of traffic that breaks its protocol; repeats of a name within a connection are held back. */
  weird(name: string, detail?: string, source?: string): void;
  /** Says that the protocol is certain: its name goes to `service`. Until then the engine may try others. */
  confirm(service?: string): void;
  /**
   * Hands what follows the bytes consumed so far, in both directions, to another dissector by name (STARTTLS, Upgrade),
   * or, without a name, to whichever probes best as if the connection began here (CONNECT). Nothing more is fed to the
   * caller. A name that nobody bears ends dissection.
   */
  handOver(dissector?: string): void;
  /**
   * Says that the first packet came from the responder (a reply whose request was not seen): the connection is turned
   * around before anything is emitted. Only the first `feed` may call it; from the next on `fromOriginator` is the
   * other way round.
   */
  flip(): void;
  /** True if rows are wanted that Zeek writes only on demand. */
  isWanted(rows: OnDemand): boolean;
  /** What is done with files besides counting them. */
  readonly fileOptions: FileOptions;
  /** Begins a file that this connection carries. Whoever begins it ends it, at the latest in `close`. */
  file(start: FileStart): FileTransfer;
  /** Announces a connection that is to come, so that it needs no probing. */
  expect(expected: Expected): void;
  /** What the announcement of this connection handed on; undefined where nobody announced it. */
  readonly context: unknown;
}

/** One connection's state of one dissector. Never throws on hostile bytes; the engine counts it as a fault of ours. */
export interface Session {
  /**
   * Takes bytes of one direction, in order. For streams it returns how many bytes it is done with; the rest comes again
   * with more behind it, up to `EngineLimits.messageBytes`. For datagrams the return value does not matter.
   * A negative number says "not mine, or broken": the engine stops feeding it.
   * The view is valid only during the call.
   */
  feed(bytes: Uint8Array, fromOriginator: boolean): number;
  /** `length` bytes of a direction were never seen; what follows comes after them. Without this method a gap ends it. */
  gap?(length: number, fromOriginator: boolean): void;
  /** A direction was closed by FIN, RST or timeout. */
  end?(fromOriginator: boolean): void;
  /** The connection is over: emit what is pending. */
  close?(): void;
  /** True once nothing more is wanted: the engine stops feeding and only counts. */
  readonly done?: boolean;
}

export interface Dissector {
  /** Name for `service` in conn records. */
  readonly name: string;
  readonly transports: readonly ('tcp' | 'udp' | 'icmp')[];
  /** A hint for the order of probing, never proof. */
  readonly ports: readonly number[];
  /**
   * How likely the first bytes of a direction are this protocol: 0 = no, 1 = certain; -1 = too few bytes to tell.
   * Must be cheap and must not throw.
   */
  probe(bytes: Uint8Array, fromOriginator: boolean, destPort: number): number;
  /**
   * First bytes of a direction that can be this protocol, true for those it is probed for: saves asking the rest, which
   * adds up over many protocols. Without it every chunk is probed.
   */
  readonly begins?: (first: number) => boolean;
  open(connection: Connection): Session;
  /**
   * For dissectors that join several connections into one record (DHCP): makes the instance that one engine uses, with
   * state of its own. Each engine calls it once, where it exists, and opens its sessions on the result.
   */
  create?(): Dissector;
  /** Called now and then with the time of packets, and with `Infinity` at the end: tell what has waited too long. */
  expire?(now: number): void;
}
