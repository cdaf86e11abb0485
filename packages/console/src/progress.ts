/** Progress on stderr: a bar with rate and remaining time on a terminal, a line per 10 % otherwise, JSON for machines. */
import { terminal } from './output.ts';

export type ProgressStyle = 'bar' | 'lines' | 'json' | 'none';

export interface Tick {
  /** What is being done. */
  label: string;
  done: number;
  total: number;
  /** Shown behind the bar: "1,204,331 records". Made into text only when it is shown, as that is slow. */
  count: number;
  unit: string;
}

export class Progress {
  readonly #style: ProgressStyle;
  readonly #now: () => number;
  #started: number | undefined;
  #label = '';
  #lastShown = Number.NEGATIVE_INFINITY;
  #lastTenth = -1;

  constructor(style: ProgressStyle, now: () => number = Date.now) {
    this.#style = style;
    this.#now = now;
  }

  show(tick: Tick): void {
    if (this.#style === 'none') return;
    const now = this.#now();
    if (this.#label !== tick.label) {
      this.#label = tick.label;
      this.#started = now;
      this.#lastTenth = -1;
    }
    const share = tick.total > 0 ? Math.min(1, tick.done / tick.total) : 0;
    if (this.#style === 'json') {
      if (now - this.#lastShown < 500 && share < 1) return;
      terminal.note(`${JSON.stringify({ ...tick, share })}\n`);
    } else if (this.#style === 'lines') {
      const tenth = Math.floor(share * 10);
      if (tenth === this.#lastTenth) return;
      this.#lastTenth = tenth;
      terminal.note(`${tick.label} ${tenth * 10} %, ${counted(tick)}\n`);
    } else {
      if (now - this.#lastShown < 100 && share < 1) return;
      terminal.note(`\r${progressBar(tick, share, now - this.#started!)}\x1b[K`);
    }
    this.#lastShown = now;
  }

  /** Ends the line of a bar. */
  end(): void {
    if (this.#style === 'bar' && this.#label !== '') terminal.note('\n');
    this.#label = '';
  }
}

/** One line: label, bar, percent, detail, remaining time. */
export function progressBar(tick: Tick, share: number, elapsed: number): string {
  const width = 24;
  const filled = Math.round(share * width);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
  const remaining =
    share > 0.02 && share < 1 ? `, ${Math.ceil((elapsed / share - elapsed) / 1000)} s left` : '';
  return `${tick.label} ${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${counted(tick)}${remaining}`;
}

const counted = ({ count, unit }: Tick): string => `${count.toLocaleString('en')} ${unit}`;

/** The style that flags and terminal ask for. */
export function progressStyle(flags: { quiet?: boolean; progress?: string }): ProgressStyle {
  if (flags.quiet) return 'none';
  if (flags.progress === 'json') return 'json';
  return process.stderr.isTTY ? 'bar' : 'lines';
}
