/** `npm run bench -- <name>… [--json]`: runs benches and says whether their bounds hold; exit 1 where one does not. */
import { appendFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { BenchRow } from './row.ts';

/** All benches. To add one: its file and one line here. */
const BENCHES: Readonly<Record<string, () => Promise<{ rows(): Promise<BenchRow[]> }>>> = {
  dpi: () => import('./dpi.bench.ts'),
  lake: () => import('./lake.bench.ts'),
};

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = names.filter((name) => !(name in BENCHES));

if (unknown.length > 0) {
  process.stderr.write(
    `No bench is named ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.\n`,
  );
  process.exitCode = 2;
} else {
  const rows: BenchRow[] = [];
  for (const name of names.length > 0 ? names : Object.keys(BENCHES))
    rows.push(...(await (await BENCHES[name]!()).rows()));
  report(rows);
}

function report(rows: readonly BenchRow[]): void {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}`;
  const results = join(import.meta.dirname, '../results.jsonl');
  for (const row of rows) {
    appendFileSync(results, `${JSON.stringify({ ...row, machine, node: process.version })}\n`);
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify(rows, null, 2));
  else for (const row of rows) console.log(lineOf(row));
  if (rows.some((row) => !row.holds)) process.exitCode = 1;
}

function lineOf({ name, ours, peer, peerValue, ratio, bound, holds }: BenchRow): string {
  const beside =
    peerValue === null || ratio === null ? '' : `  ${peer} ${figure(peerValue)}, ratio ${figure(ratio)}`;
  return `${holds ? 'holds' : 'FAILS'}  ${name} = ${figure(ours)} (${bound})${beside}`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
