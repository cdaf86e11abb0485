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
  /** Scripts that were loaded beyond the tier's own. */
  readonly loads: readonly string[];
  /** Options of Zeek that were set. */
  readonly options: readonly string[];
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
  /** Sets left out because they need a capture filter. */
  readonly withFilter: number;
}

export type Row = Readonly<Record<string, string>>;

/** A row of a log as text by column name; `-` is an unset value. */
export function readRows(path: string, format: ExpectedLog['format'], fields: readonly string[]): Row[] {
  const rows: Row[] = [];
  let columns = format === 'cut' ? fields.map(nameOf) : undefined;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('#fields\t')) columns = line.slice('#fields\t'.length).split('\t').map(nameOf);
    if (line === '' || line.startsWith('#')) continue;
    const values = line.split('\t');
    if (!columns) columns = values.map(nameOf);
    else rows.push(Object.fromEntries(columns.map((name, i) => [name, values[i] ?? '-'])));
  }
  return rows;
}

/** The VLAN of a key stands in a record within Zeek's id. */
const nameOf = (column: string): string => column.replace(/^id\.ctx\./, '');

/** Reads the manifest and picks the sets of the given tiers. */
export function selectCases(folder: string, tiers: readonly string[], name: string | undefined): Selection {
  const all = readManifest(folder, name).flatMap(({ file, expectations }) =>
    expectations
      .filter(({ tier }) => tiers.includes(tier))
      .map((expectation) => ({ capture: file, expectation })),
  );
  const cases = all.filter(({ expectation }) => expectation.bpf === undefined);
  return { cases, withFilter: all.length - cases.length };
}

/** All captures of the corpus whose name has a text in it. */
export const captureFiles = (folder: string, name: string | undefined): string[] =>
  readManifest(folder, name).map(({ file }) => file);

function readManifest(folder: string, name: string | undefined): Capture[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { captures: Capture[] };
  return manifest.captures.filter(({ file }) => name === undefined || file.includes(name));
}
