/** What tests of dissectors need: bytes from hex or text, and a connection that remembers what it was told. */
import type { LogRecord } from '@thymus/core';
import type { Expected } from '../applications/expected.ts';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { FileTransfer, NO_FILE_OPTIONS } from '../files/transfer.ts';

/** Noon of a day, ms since the epoch. */
export const NOON = 1_700_000_000_000;

/** Bytes written as hexadecimal digits; spaces and line ends are for the reader. */
export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/\s+/g, ''), 'hex'));

/** Bytes of a text, one for each character. */
export const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

type Told = { -readonly [P in keyof Connection]: Connection[P] } & {
  readonly records: LogRecord[];
  readonly weirds: string[];
  readonly confirmed: string[];
  /** Names that were handed over to; `undefined` for a fresh detection. */
  readonly handedOver: (string | undefined)[];
  flips: number;
  readonly expected: Expected[];
};

/** A connection 10.0.0.1:40000 → 10.0.0.2:53/udp that began at noon, unless told otherwise. */
export function connection(changes: Partial<Connection> = {}): Told {
  let files = 0;
  const told: Told = {
    uid: 'C1',
    start: NOON,
    ts: NOON,
    proto: 'udp',
    source_ip: '10.0.0.1',
    source_port: 40_000,
    dest_ip: '10.0.0.2',
    dest_port: 53,
    wantsOwn: true,
    local_orig: true,
    local_resp: true,
    records: [],
    weirds: [],
    confirmed: [],
    handedOver: [],
    flips: 0,
    expected: [],
    context: undefined,
    emit: (record) => told.records.push(record),
    weird: (name, detail) => told.weirds.push(detail === undefined ? name : `${name} ${detail}`),
    confirm: (service) => told.confirmed.push(service ?? ''),
    handOver: (name) => told.handedOver.push(name),
    flip: () => {
      told.flips++;
      [told.source_ip, told.dest_ip] = [told.dest_ip, told.source_ip];
      [told.source_port, told.dest_port] = [told.dest_port, told.source_port];
    },
    isWanted: () => false,
    fileOptions: NO_FILE_OPTIONS,
    file: (start) => new FileTransfer(told, files++, start, told.fileOptions),
    expect: (expected) => told.expected.push(expected),
    ...changes,
  };
  return told;
}

/** Feeds one direction of a stream as the engine does: what a session leaves comes again with more behind it. */
export class Stream {
  readonly #session: Session;
  readonly #fromOriginator: boolean;
  #left = new Uint8Array(0);
  isRefused = false;

  constructor(session: Session, fromOriginator: boolean) {
    this.#session = session;
    this.#fromOriginator = fromOriginator;
  }

  push(bytes: Uint8Array): void {
    if (this.isRefused || this.#session.done) return;
    const all = new Uint8Array(this.#left.length + bytes.length);
    all.set(this.#left);
    all.set(bytes, this.#left.length);
    const consumed = this.#session.feed(all, this.#fromOriginator);
    if (consumed < 0) this.isRefused = true;
    else this.#left = all.slice(consumed);
  }
}

/** Random changes of real bytes, random cuts, random order of directions: a dissector must bear them all. */
export function torture(dissector: Dissector, samples: readonly Uint8Array[], rounds: number): void {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 0x1_0000_0000) * below);
  };
  const instance = dissector.create?.() ?? dissector;
  for (let round = 0; round < rounds; round++) {
    const proto = dissector.transports[random(dissector.transports.length)]!;
    const session = instance.open(connection({ proto, uid: `C${round}`, ts: NOON + round }));
    const streams = [new Stream(session, true), new Stream(session, false)];
    for (let i = 0; i < 6; i++) {
      const sample = samples[random(samples.length)]!.slice();
      for (let n = random(4); n > 0; n--) sample[random(sample.length)] = random(256);
      const bytes = sample.subarray(random(3) === 0 ? random(sample.length) : 0, sample.length - random(4));
      dissector.probe(bytes, i % 2 === 0, 80);
      streams[random(2)]!.push(bytes);
      if (random(8) === 0) session.gap?.(random(2_000), random(2) === 0);
      if (random(8) === 0) session.end?.(random(2) === 0);
    }
    session.close?.();
  }
}
