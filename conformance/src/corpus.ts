/** The corpus of captures with expected Zeek logs: its manifest, and which of its sets are judged. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ExpectedLog {
  readonly file: string;
  readonly log: string;
  readonly format: 'zeek-tsv' | 'cut-header' | 'cut';
  readonly fields: readonly string[];
}

/** What one run of Zeek over one capture wrote. */
export interface Expectation {
  readonly id: string;
  readonly tier: string;
  /** Only some analyzers were on, so `service` may lack others. */
  readonly bare: boolean;
  readonly ignore_checksums: boolean;
  readonly bpf?: string;
  readonly logs: readonly ExpectedLog[];
}

export interface Capture {
  readonly file: string;
  readonly expectations: readonly Expectation[];
}

/** One set to be judged. */
export interface Case {
  readonly capture: string;
  readonly expectation: Expectation;
}

export interface Selection {
  readonly cases: readonly Case[];
  /** Captures left out because they carry tunnels, and sets because they need a capture filter. */
  readonly withTunnels: number;
  readonly withFilter: number;
}

export type Row = Readonly<Record<string, string>>;

/** A row of a log as text by column name; `-` is an unset value. */
export function readRows(path: string, format: ExpectedLog['format'], fields: readonly string[]): Row[] {
  const rows: Row[] = [];
  let columns = format === 'cut' ? fields : undefined;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('#fields\t')) columns = line.slice('#fields\t'.length).split('\t');
    if (line === '' || line.startsWith('#')) continue;
    const values = line.split('\t');
    if (!columns) columns = values;
    else rows.push(Object.fromEntries(columns.map((name, i) => [name, values[i] ?? '-'])));
  }
  return rows;
}

/** Reads the manifest and picks the sets of the given tiers, outside of tunnels. */
export function selectCases(folder: string, tiers: readonly string[], name: string | undefined): Selection {
  const captures = readManifest(folder, name)
    .map((capture) => ({
      file: capture.file,
      expectations: capture.expectations.filter(({ tier }) => tiers.includes(tier)),
    }))
    .filter(({ expectations }) => expectations.length > 0);
  const plain = captures.filter((capture) => !hasTunnel(folder, capture));
  const all = plain.flatMap(({ file, expectations }) =>
    expectations.map((expectation) => ({ capture: file, expectation })),
  );
  const cases = all.filter(({ expectation }) => expectation.bpf === undefined);
  return { cases, withTunnels: captures.length - plain.length, withFilter: all.length - cases.length };
}

/** All captures of the corpus whose name has a text in it. */
export const captureFiles = (folder: string, name: string | undefined): string[] =>
  readManifest(folder, name).map(({ file }) => file);

function readManifest(folder: string, name: string | undefined): Capture[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { captures: Capture[] };
  return manifest.captures.filter(({ file }) => name === undefined || file.includes(name));
}

const hasTunnel = (folder: string, { expectations }: Capture): boolean =>
  expectations.some(({ logs }) =>
    logs.some(
      ({ log, file, format, fields }) =>
        log === 'tunnel' ||
        (log === 'conn' &&
          readRows(join(folder, file), format, fields).some((row) => (row['tunnel_parents'] ?? '-') !== '-')),
    ),
  );
