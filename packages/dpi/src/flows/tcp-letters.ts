/** Which letter of the history a TCP segment writes, as Zeek does: by its control bits, or its payload. */
import {
  type History,
  SEEN_ACK,
  SEEN_DATA,
  SEEN_FIN,
  SEEN_FIN_RST,
  SEEN_MULTI,
  SEEN_RST,
  SEEN_SYN,
} from './history.ts';
import { HISTORY_FIN, HISTORY_RST, HISTORY_SYN } from './layout.ts';
import type { FlowTable } from './table.ts';
import { ACK, CONTROL, FIN, RST, SYN } from './tcp-flags.ts';

const [S, H, F, R, I, Q, D, A] = [0x53, 0x48, 0x46, 0x52, 0x49, 0x51, 0x44, 0x41];

export class TcpLetters {
  readonly #table: FlowTable;
  readonly #history: History;

  constructor(table: FlowTable, history: History) {
    this.#table = table;
    this.#history = history;
  }

  /** Writes the letter of a segment that stands at `relative` to the first number of its sender. */
  write(
    flow: number,
    e: number,
    fromOriginator: boolean,
    flags: number,
    relative: number,
    length: number,
  ): void {
    const history = this.#history;
    const control = flags & CONTROL;
    if (control === 0) {
      if (length > 0) history.once(flow, SEEN_DATA, D!, fromOriginator);
      else if ((flags & ACK) !== 0) history.once(flow, SEEN_ACK, A!, fromOriginator);
    } else if (control === SYN) {
      const letter = (flags & ACK) !== 0 ? H! : S!;
      this.#writeControl(flow, e + HISTORY_SYN, SEEN_SYN, letter, fromOriginator, relative);
    } else if (control === FIN) {
      this.#writeControl(flow, e + HISTORY_FIN, SEEN_FIN, F!, fromOriginator, (relative + length) | 0);
    } else if (control === RST) {
      this.#writeControl(flow, e + HISTORY_RST, SEEN_RST, R!, fromOriginator, relative);
    } else if ((control & (FIN | RST)) === (FIN | RST)) history.once(flow, SEEN_FIN_RST, I!, fromOriginator);
    else history.once(flow, SEEN_MULTI, Q!, fromOriginator);
  }

  /** Control letters are written again if the segment stands at another place of the stream. */
  #writeControl(
    flow: number,
    at: number,
    bit: number,
    letter: number,
    fromOriginator: boolean,
    place: number,
  ): void {
    const w = this.#table.words;
    if (this.#history.once(flow, bit, letter, fromOriginator) && place !== w[at]) {
      this.#history.add(flow, letter, fromOriginator);
    }
    w[at] = place;
  }
}
