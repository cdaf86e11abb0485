/** NFS, mount and the port mapper over UDP and TCP: who mounts, names, reads and changes which files. RFC 5531 §11, RFC 1813, RFC 7530; rows of our own. */
import { type Nfs, Reader } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { headOf } from './head.ts';
import { Messages } from './messages.ts';
import { isRepeating, readActions, readHandle } from './nfs/actions.ts';
import { MOUNT, NFS, PORTMAPPER, PROGRAMS, programName, statusName } from './nfs/names.ts';
import { beginsCall, type RpcCall, type RpcReply, readCall, readReply, readText } from './rpc/message.ts';

/** Bytes of a fragment's length, whose first bit says that it is the last of its record. */
const MARK = 4;
/** What is wanted of a message: names come early, what is read and written late. */
const MOST_WANTED = 4_096;
const MOST_FRAGMENT = 0x200_0000;
const MOST_PENDING = 64;
const MOST_KNOWN = 1_024;

interface Pending {
  readonly program: number;
  readonly version: number;
  readonly rows: readonly Nfs[];
}

class NfsSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #pending = new Map<number, Pending>();
  /** What repeating calls were told of, and names of handles. */
  readonly #told = new Set<string>();
  readonly #names = new Map<string, string>();
  readonly #streams: readonly [Messages, Messages];
  /** True while a record goes on in its next fragment, by direction. */
  readonly #goesOn: [boolean, boolean] = [false, false];
  /** The program and the number of the latest call, until the protocol is certain. */
  #asked: { readonly program: number; readonly xid: number } | undefined;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#streams = [this.#stream(0), this.#stream(1)];
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    if (this.#connection.proto === 'tcp') return this.#streams[fromOriginator ? 0 : 1].feed(bytes);
    this.#message(bytes);
    return this.#isConfirmed || this.#asked ? bytes.length : -1;
  }

  /** Data that is read or written may be missing; a lost beginning of a message ends it. */
  gap(length: number, fromOriginator: boolean): void {
    this.done = !this.#streams[fromOriginator ? 0 : 1].gap(length);
  }

  close(): void {
    for (const { rows } of this.#pending.values()) for (const row of rows) this.#connection.emit(row);
    this.#pending.clear();
  }

  #stream(side: 0 | 1): Messages {
    const lengthOf = (bytes: Uint8Array, at: number): number => {
      const mark = new Reader(bytes, at).u32();
      const length = mark % 0x8000_0000;
      return length > MOST_FRAGMENT || (!this.#isConfirmed && length < 24) ? -1 : MARK + length;
    };
    return new Messages({ header: MARK, most: MOST_WANTED, lengthOf }, (fragment) => {
      if (!this.#goesOn[side]) this.#message(fragment.subarray(MARK));
      this.#goesOn[side] = (fragment[0]! & 0x80) === 0;
      return true;
    });
  }

  #message(bytes: Uint8Array): void {
    const reply = readReply(bytes);
    if (reply) this.#reply(reply);
    else {
      const call = readCall(bytes);
      if (call && PROGRAMS.includes(call.program)) this.#call(call);
    }
  }

  #call(call: RpcCall): void {
    // One call alone may be a scanner's: another, or an answer, makes it certain.
    if (this.#asked) this.#confirm();
    else if (!this.#isConfirmed) this.#asked = { program: call.program, xid: call.xid };
    const rows: Nfs[] = [];
    for (const action of readActions(call)) {
      const { procedure, handle, target } = action;
      const name = action.name ?? (handle === undefined ? undefined : this.#names.get(handle));
      if (isRepeating(action) && this.#isTold(`${procedure} ${handle} ${action.name}`)) continue;
      rows.push({
        kind: 'nfs',
        ...headOf(this.#connection),
        program: programName(call.program),
        version: call.version,
        procedure,
        ...(name === undefined ? {} : { name }),
        ...(handle === undefined ? {} : { handle }),
        ...(target === undefined ? {} : { target }),
        ...(call.userId === undefined ? {} : { user_id: call.userId }),
        ...(call.machine === undefined ? {} : { machine: call.machine }),
      });
    }
    if (rows.length > 0) this.#wait(call.xid, { program: call.program, version: call.version, rows });
  }

  #isTold(key: string): boolean {
    if (this.#told.has(key)) return true;
    if (this.#told.size >= MOST_KNOWN) this.#told.clear();
    this.#told.add(key);
    return false;
  }

  #wait(xid: number, pending: Pending): void {
    const [oldest] = this.#pending;
    if (oldest && this.#pending.size >= MOST_PENDING) {
      this.#pending.delete(oldest[0]);
      for (const row of oldest[1].rows) this.#connection.emit(row);
    }
    this.#pending.set(xid, pending);
  }

  #confirm(): void {
    if (this.#asked) this.#connection.confirm(programName(this.#asked.program));
    this.#isConfirmed = true;
    this.#asked = undefined;
  }

  #reply({ xid, results }: RpcReply): void {
    if (xid === this.#asked?.xid) this.#confirm();
    const pending = this.#pending.get(xid);
    if (!pending) return;
    this.#pending.delete(xid);
    for (const row of pending.rows) {
      row.rtt = this.#connection.ts - row.ts;
      row.status = 'REFUSED';
    }
    if (results) this.#results(pending, results);
    for (const row of pending.rows) this.#connection.emit(row);
  }

  #results({ program, version, rows }: Pending, r: Reader): void {
    if (program === PORTMAPPER) {
      for (const row of rows) mapped(row, version, r);
      return;
    }
    const isStateless = program === MOUNT && rows[0]?.procedure !== 'MNT';
    const status = isStateless ? 0 : r.u32();
    for (const row of rows) row.status = statusName(status);
    if (status === 0 && program === NFS && version < 4) this.#learn(rows[0]!, version, r);
  }

  /** The handle that a name turned out to have. */
  #learn(row: Nfs, version: number, r: Reader): void {
    const isNamed = ['LOOKUP', 'CREATE', 'MKDIR'].includes(row.procedure) && row.name !== undefined;
    // What is made in version 3 need not come with a handle, but says so.
    if (!isNamed || (version === 3 && row.procedure !== 'LOOKUP' && r.u32() !== 1)) return;
    const handle = readHandle(r, version);
    if (r.bad) return;
    if (this.#names.size >= MOST_KNOWN) this.#names.clear();
    this.#names.set(handle, row.name!);
  }
}

/** Where a program listens, by its port or as an address. */
function mapped(row: Nfs, version: number, r: Reader): void {
  row.status = 'OK';
  if (row.procedure === 'GETPORT') row.target = String(r.u32());
  else if (row.procedure === 'GETADDR' && version > 2) row.target = readText(r);
}

export const nfs: Dissector = {
  name: 'nfs',
  transports: ['udp', 'tcp'],
  ports: [2049, 111],
  // Over TCP a mark comes first, whose first bit is set in all but split records.
  probe: (bytes) =>
    beginsCall(bytes, 0, PROGRAMS) || (bytes[0] === 0x80 && beginsCall(bytes, MARK, PROGRAMS)) ? 1 : 0,
  open: (connection) => new NfsSession(connection),
};
