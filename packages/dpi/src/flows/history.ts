/** The history of a connection, letter by letter as Zeek writes it: upper case for the originator. */
import {
  FLAGS,
  FLOW_SHIFT,
  HISTORY,
  HISTORY_LENGTH,
  HISTORY_ROOM,
  LONG_HISTORY,
  ORIG,
  SEEN,
} from './layout.ts';
import type { FlowTable } from './table.ts';

/** Once-only letters, as bits of SEEN. */
export const SEEN_SYN = 1;
export const SEEN_FIN = 2;
export const SEEN_RST = 4;
export const SEEN_FIN_RST = 8;
export const SEEN_DATA = 16;
export const SEEN_ACK = 32;
export const SEEN_MULTI = 64;
export const SEEN_LIMIT = 1024;

/** No real connection needs more; what follows is left out. */
const LONGEST = 256;

export class History {
  readonly #table: FlowTable;
  /** What no longer fits into the record of a flow. */
  readonly #overflow = new Map<number, string>();

  constructor(table: FlowTable) {
    this.#table = table;
  }

  /** Appends a letter (given in upper case), in lower case for the responder. */
  add(flow: number, letter: number, fromOriginator: boolean): void {
    const { words, letters } = this.#table;
    const base = flow << FLOW_SHIFT;
    const code = fromOriginator || letter === CARET ? letter : letter | 0x20;
    const length = words[base + HISTORY_LENGTH]!;
    if (length < HISTORY_ROOM) letters[(base + HISTORY) * 4 + length] = code;
    else if (length < LONGEST) this.#extend(flow, code);
    words[base + HISTORY_LENGTH] = length + 1;
  }

  /** Writes a once-only letter; true if it had been written before. */
  once(flow: number, bit: number, letter: number, fromOriginator: boolean): boolean {
    const words = this.#table.words;
    const at = (flow << FLOW_SHIFT) + SEEN;
    const mask = fromOriginator ? bit : bit << 16;
    if ((words[at]! & mask) !== 0) return true;
    words[at] = words[at]! | mask;
    this.add(flow, letter, fromOriginator);
    return false;
  }

  /** Counts at a word of the table and writes the letter at 1, 10, 100 and so on. */
  scaled(flow: number, word: number, letter: number): void {
    const words = this.#table.words;
    const count = words[word]! + 1;
    words[word] = count;
    if (isPowerOfTen(count)) this.add(flow, letter, word < (flow << FLOW_SHIFT) + ORIG + 44);
  }

  text(flow: number): string {
    const { words, letters } = this.#table;
    const base = flow << FLOW_SHIFT;
    const length = Math.min(words[base + HISTORY_LENGTH]!, HISTORY_ROOM);
    const start = (base + HISTORY) * 4;
    const text = String.fromCharCode.apply(
      null,
      letters.subarray(start, start + length) as unknown as number[],
    );
    return length < HISTORY_ROOM ? text : text + (this.#overflow.get(flow) ?? '');
  }

  /** Forgets the overflow of a flow that has ended. */
  drop(flow: number): void {
    if ((this.#table.words[(flow << FLOW_SHIFT) + FLAGS]! & LONG_HISTORY) !== 0) this.#overflow.delete(flow);
  }

  #extend(flow: number, code: number): void {
    const words = this.#table.words;
    const at = (flow << FLOW_SHIFT) + FLAGS;
    words[at] = words[at]! | LONG_HISTORY;
    this.#overflow.set(flow, (this.#overflow.get(flow) ?? '') + String.fromCharCode(code));
  }
}

const CARET = 0x5e;

function isPowerOfTen(count: number): boolean {
  let rest = count;
  while (rest >= 10 && rest % 10 === 0) rest /= 10;
  return rest === 1;
}
