/** `npm run conformance`: our records against the logs that Zeek wrote for the same captures. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sharedFolder } from '../../tools/shared.ts';
import { selectCases } from './corpus.ts';
import { isWritten, runCase } from './run.ts';
import { type Result, type Score, scoreLogs } from './score.ts';

const USAGE = `Usage: npm run conformance -- [--json] [--tier default,bare] [--log NAME] [--capture TEXT] [--verbose]
       npm run conformance -- --save   writes conformance/scores.json, from which docs/protocols.md is made`;

function readArguments() {
  try {
    return parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        save: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        tier: { type: 'string', default: 'default,default+policy,bare,bare+policy' },
        log: { type: 'string' },
        capture: { type: 'string' },
      },
    }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(64);
  }
}

function printTable(scores: readonly Score[]): void {
  const line = (cells: readonly (string | number)[]) =>
    console.log(
      cells.map((cell, i) => (i === 0 ? String(cell).padEnd(14) : String(cell).padStart(12))).join(''),
    );
  line(['log', 'captures', 'rows', 'macroRows', 'macroFields', 'extraRows']);
  for (const { log, captures, rows, macroRows, macroFields, extraRows } of scores) {
    line([log, captures, rows, macroRows.toFixed(4), macroFields.toFixed(4), extraRows.toFixed(4)]);
  }
}

const options = readArguments();
const shared = sharedFolder();
if (shared === undefined) {
  console.error('The corpora are missing: set THYMUS_SHARED to the folder that holds them.');
  process.exit(66);
}
const folder = join(shared, 'corpora/zeek');

const { cases, withFilter } = selectCases(folder, options.tier.split(','), options.capture);
const results: Result[] = [];
for (const one of cases) results.push(...(await runCase(folder, one, options.log)));
const scores = scoreLogs(results);

if (options.verbose) {
  for (const { capture, set, log, comparison } of results) {
    for (const difference of comparison.differences)
      console.error(`${capture} [${set}] ${log} ${difference}`);
  }
}
if (options.save) {
  const lines = scores.map((score) => `  ${JSON.stringify(score)}`);
  writeFileSync(resolve(import.meta.dirname, '../scores.json'), `[\n${lines.join(',\n')}\n]\n`);
}
if (options.json) console.log(JSON.stringify(scores));
else {
  printTable(scores);
  const unread = cases.flatMap(({ expectation }) => expectation.logs.filter((log) => !isWritten(log)));
  const names = [...new Set(unread.map(({ log }) => log))].sort();
  console.log(`\n${cases.length} sets. Left out: ${withFilter} sets with a filter.`);
  if (names.length > 0) console.log(`Not written by us: ${names.join(', ')}.`);
}
