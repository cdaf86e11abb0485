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

const lengthAt = (bytes: Uint8Array, at: number): number => (bytes[at + 4]! << 8) | bytes[at + 5]!;

const hasHeader = (bytes: Uint8Array, at: number): boolean =>
  bytes[at + 2] === 0 &&
  bytes[at + 3] === 0 &&
  lengthAt(bytes, at) >= 2 &&
  lengthAt(bytes, at) <= MOST_LENGTH;

class ModbusSession implements Session {
  readonly #connection: Connection;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    let at = 0;
    while (bytes.length - at >= HEADER) {
      if (!hasHeader(bytes, at)) return -1;
      const end = at + PREFIX + lengthAt(bytes, at);
      if (end > bytes.length) break;
      if (!this.#message(bytes, at, end, fromOriginator)) return -1;
      at = end;
    }
    return at;
  }

  #message(bytes: Uint8Array, at: number, end: number, fromOriginator: boolean): boolean {
    const func = bytes[at + 7]!;
    const isException = (func & EXCEPTION) !== 0;
    if (!isSound(func, bytes, at + HEADER, end, fromOriginator)) return false;
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
    this.#connection.emit({
      kind: 'modbus',
      ...headOf(this.#connection),
      tid: (bytes[at]! << 8) | bytes[at + 1]!,
      unit: bytes[at + 6]!,
      func: functionName(func),
      pdu_type: fromOriginator ? 'REQ' : 'RESP',
      ...(isException && !fromOriginator ? { exception: exceptionName(bytes[at + HEADER]!) } : {}),
    });
    return true;
  }
}

export const modbus: Dissector = {
  name: 'modbus',
  transports: ['tcp'],
  ports: [502],
  probe(bytes, fromOriginator, destPort) {
    if (bytes.length < HEADER || !hasHeader(bytes, 0)) return 0;
    const end = PREFIX + lengthAt(bytes, 0);
    if (end > bytes.length || !isSound(bytes[7]!, bytes, HEADER, end, fromOriginator)) return 0;
    // Elsewhere only whole packets with functions that have a fixed shape, as the header alone is little.
    if (destPort === 502) return 0.9;
    return end === bytes.length && bytes[7]! > 0 && bytes[7]! <= 6 ? 0.5 : 0;
  },
  open: (connection) => new ModbusSession(connection),
};
