/** What a suite gets from the runner, and options from the command line. */

export interface SuiteContext {
  /** Empty, and removed afterwards. */
  folder: string;
  /** Tells how far it is. */
  say(text: string): void;
}

/** A whole number from the command line, such as `--kills=20`. */
export function numberOption(name: string, otherwise: number): number {
  const text = new RegExp(`--${name}=(\\d+)`).exec(process.argv.join(' '))?.[1];
  return text === undefined ? otherwise : Number(text);
}
