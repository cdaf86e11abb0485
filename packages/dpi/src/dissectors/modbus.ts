/** Modbus over TCP: every request, response and exception. MODBUS Messaging on TCP/IP V1.0b; rows as Zeek's modbus.log. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { headOf } from './head.ts';
import { exceptionName, functionName, isSound } from './modbus/functions.ts';

/** Bytes of the header up to its length, and with unit and function. */
const PREFIX = 6;
const HEADER = 8;
/** The longest PDU has 253 bytes; the length counts the unit too. */
const MOST_LENGTH = 254;
const EXCEPTION = 0x80;
/** Broken messages in a row, after which the rest is left alone. */
const MOST_BROKEN = 8;

const lengthAt = (bytes: Uint8Array, at: number): number => (bytes[at + 4]! << 8) | bytes[at + 5]!;

const hasHeader = (bytes: Uint8Array, at: number): boolean =>
  bytes[at + 2] === 0 &&
  bytes[at + 3] === 0 &&
  lengthAt(bytes, at) >= 2 &&
  lengthAt(bytes, at) <= MOST_LENGTH;

class ModbusSession implements Session {
  done = false;
  readonly #connection: Connection;
  /** Bytes of the current message that are still to come, by direction. */
  readonly #rest: [number, number] = [0, 0];
  #broken = 0;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const side = fromOriginator ? 0 : 1;
    let at = Math.min(this.#rest[side], bytes.length);
    this.#rest[side] -= at;
    while (bytes.length - at >= HEADER) {
      const isException = (bytes[at + 7]! & EXCEPTION) !== 0;
      if (!hasHeader(bytes, at) || bytes[at + 7] === 0 || (isException && fromOriginator)) {
        return this.#break(bytes.length);
      }
      if (isException && bytes.length - at === HEADER) break;
      this.#message(bytes, at, fromOriginator);
      const end = at + PREFIX + lengthAt(bytes, at);
      this.#rest[side] = Math.max(0, end - bytes.length);
      at = Math.min(end, bytes.length);
    }
    return at;
  }

  gap(length: number, fromOriginator: boolean): void {
    const side = fromOriginator ? 0 : 1;
    this.#rest[side] = Math.max(0, this.#rest[side] - length);
  }

  /** Messages mostly begin with a segment: the next one is a chance to find back. */
  #break(length: number): number {
    this.done = ++this.#broken >= MOST_BROKEN;
    return this.#isConfirmed ? length : -1;
  }

  #message(bytes: Uint8Array, at: number, fromOriginator: boolean): void {
    const func = bytes[at + 7]!;
    this.#broken = 0;
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
    this.#connection.emit({
      kind: 'modbus',
      ...headOf(this.#connection),
      tid: (bytes[at]! << 8) | bytes[at + 1]!,
      unit: bytes[at + 6]!,
      func: functionName(func),
      pdu_type: fromOriginator ? 'REQ' : 'RESP',
      ...(func & EXCEPTION ? { exception: exceptionName(bytes[at + HEADER]!) } : {}),
    });
  }
}

export const modbus: Dissector = {
  name: 'modbus',
  transports: ['tcp'],
  ports: [502],
  probe(bytes, fromOriginator, destPort) {
    if (bytes.length < HEADER || !hasHeader(bytes, 0)) return 0;
    const end = PREFIX + lengthAt(bytes, 0);
    if (destPort === 502) return end <= bytes.length ? 0.9 : 0;
    // Elsewhere only whole messages whose data has the shape of a common function, as the header alone is little.
    return end === bytes.length && isSound(bytes[7]!, bytes, HEADER, end, fromOriginator) ? 0.5 : 0;
  },
  open: (connection) => new ModbusSession(connection),
};
