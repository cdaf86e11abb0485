/** How commands print: a table on a terminal, tab-separated otherwise, NDJSON with --json; never control characters. */

export interface Terminal {
  write(text: string): void;
  /** Progress and errors. */
  note(text: string): void;
  isTty: boolean;
  columns: number;
  useColour: boolean;
}

export const terminal: Terminal = {
  write: (text) => void process.stdout.write(text),
  note: (text) => void process.stderr.write(text),
  isTty: process.stdout.isTTY === true,
  columns: process.stdout.columns ?? 120,
  useColour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
};

/**
 * Text of strangers made harmless for a terminal: control characters, direction marks and zero-width characters are
 * shown as ⟨U+001B⟩.
 */
export const harmless = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => {
    return `⟨U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });

export interface Column<T> {
  title: string;
  value(row: T): string | number | undefined;
  align?: 'right';
}

/** Prints rows as --json wants them, or as a table, or as tab-separated lines without a header. */
export function printRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  isJson: boolean,
  out = terminal,
): void {
  if (isJson) {
    for (const row of rows) out.write(`${JSON.stringify(row)}\n`);
    return;
  }
  const cells = rows.map((row) => columns.map((column) => harmless(String(column.value(row) ?? ''))));
  if (!out.isTty) {
    for (const line of cells) out.write(`${line.join('\t')}\n`);
    return;
  }
  const titles = columns.map(({ title }) => title);
  const widths = titles.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]!.length)));
  const rest = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  widths[widths.length - 1] = Math.max(10, Math.min(widths.at(-1)!, out.columns - rest));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => {
        const width = widths[i]!;
        const fitted = text.length > width ? `${text.slice(0, width - 1)}…` : text;
        return columns[i]!.align === 'right' ? fitted.padStart(width) : fitted.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  out.write(`${out.useColour ? `\x1b[1m${line(titles)}\x1b[0m` : line(titles)}\n`);
  for (const texts of cells) out.write(`${line(texts)}\n`);
}

/** Prints one object: as JSON, or name by name. */
export function printFacts(facts: Readonly<Record<string, unknown>>, isJson: boolean, out = terminal): void {
  if (isJson) {
    out.write(`${JSON.stringify(facts)}\n`);
    return;
  }
  const width = Math.max(...Object.keys(facts).map((key) => key.length));
  for (const [key, value] of Object.entries(facts)) {
    if (value !== undefined) out.write(`${key.padEnd(width)}  ${harmless(String(value))}\n`);
  }
}

/** Time as people read it, in UTC: 2026-11-21 03:12:45Z. */
export const formatTime = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');

/** Score as percent with the shape of its band. */
export function formatScore(score: number): string {
  const percent = Math.round(score * 100);
  const shape = percent >= 80 ? '◆' : percent >= 60 ? '▲' : percent >= 40 ? '■' : percent >= 20 ? '●' : '○';
  return `${shape}${percent}`;
}
