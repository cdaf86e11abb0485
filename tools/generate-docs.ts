/** Writes the reference pages in docs/ from what the code declares; `--check` fails when a page is not what it would write. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CONFIG_SCHEMA } from '../packages/appliance/src/config.ts';
import { ROUTES } from '../packages/contract/src/index.ts';
import { ERRORS, lakeType, RECORDS } from '../packages/core/src/index.ts';
import { expectation } from '../packages/core/src/node/index.ts';
import { METRICS, MODELS } from '../packages/detect/src/index.ts';
import { ABOUT, DISSECTORS } from '../packages/dpi/src/index.ts';

let stale = 0;

const cell = (text: unknown) =>
  String(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
const table = (head: string[], rows: unknown[][]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

function records(): string {
  const parts = RECORDS.map(({ kind, doc, fields }) => {
    const rows = Object.entries(fields).map(([name, field]) => [
      `\`${name}\``,
      'own' in field && field.own ? 'ours' : `\`${field.zeek ?? name}\``,
      `${lakeType(field).replace(/^Nullable\((.*)\)$/, '$1')}${field.optional ? ', may be unset' : ''}`,
      field.doc,
    ]);
    return `## ${kind}\n\n${doc}\n\n${table(['Field', 'In Zeek', 'Type', 'Meaning'], rows)}`;
  });
  return `# Records\n\nTimes and intervals are kept in µs; the API shows ms, Zeek files seconds.\n\n${parts.join('\n\n')}`;
}

function config(): string {
  const rows = Object.entries(CONFIG_SCHEMA.properties).map(([key, property]) => {
    const { default: value, description } = property as { default?: unknown; description?: string };
    return [
      `\`${key}\``,
      `\`THYMUS_${key.toUpperCase()}\``,
      expectation(property),
      `\`${JSON.stringify(value)}\``,
      description,
    ];
  });
  const head = ['Setting', 'Environment', 'Takes', 'Default', 'Meaning'];
  return `# Settings\n\nRead from \`thymus.yaml\` in the data folder, then from the environment, then from flags; the last one wins.\n\n${table(head, rows)}`;
}

function errors(): string {
  const rows = Object.entries(ERRORS).map(([code, { status, meaning }]) => [`\`${code}\``, status, meaning]);
  return `# Errors\n\n${table(['Code', 'HTTP status', 'Meaning'], rows)}`;
}

function api(): string {
  const rows = ROUTES.map(({ method, path, permission, doc }) => [`\`${method} ${path}\``, permission, doc]);
  return `# API\n\nRequests are signed as the documented Darktrace API wants it, or carry the session cookie of the web interface.\n\n${table(['Route', 'Permission', 'What it does'], rows)}`;
}

function models(): string {
  const metrics = table(
    ['Metric', 'Meaning', 'Unit'],
    METRICS.map((m) => [`\`${m.name}\``, m.label, m.units]),
  );
  const parts = MODELS.toSorted((a, b) => a.name.localeCompare(b.name)).map((model) => {
    const rows = model.components.map((c) => [
      `\`${c.metric}\` > ${c.threshold}`,
      `${c.interval} s`,
      c.filters.map((f) => `${f.type} ${f.comparator} ${f.value}`).join('; '),
    ]);
    const facts = `Priority ${model.priority}, ${model.category}, ${model.behaviour}; ${model.mitre.techniques.join(', ') || 'no technique'}.`;
    return `## ${model.name.replaceAll('::', ' / ')}\n\n${model.description} ${facts}\n\n${table(['Component', 'Within', 'Where'], rows)}\n\n${model.action}`;
  });
  return `# Models and metrics\n\n${metrics}\n\n${parts.join('\n\n')}`;
}

/** Scores of `npm run conformance -- --save`: shares of rows and fields as Zeek writes them. */
function scoresByLog(): Map<string, string> {
  const path = resolve(import.meta.dirname, '../conformance/scores.json');
  const scores = JSON.parse(readFileSync(path, 'utf8')) as {
    log: string;
    macroRows: number;
    macroFields: number;
  }[];
  return new Map(
    scores.map(({ log, macroRows, macroFields }) => [
      log,
      `${log} ${macroRows.toFixed(3)} / ${macroFields.toFixed(3)}`,
    ]),
  );
}

function protocols(): string {
  const scores = scoresByLog();
  const rows = DISSECTORS.map(({ name, transports, ports }) => {
    const about = ABOUT[name];
    if (!about) {
      console.error(`${name} is missing in packages/dpi/src/about.ts`);
      stale++;
    }
    return [
      `\`${name}\``,
      about?.title,
      transports.join(', '),
      ports.join(', '),
      about?.records.map((kind) => `[${kind}](records.md#${kind})`).join(', '),
      about?.spec,
      about?.recognition,
      about?.limits,
      about?.records.flatMap((kind) => scores.get(kind) ?? []).join(', '),
    ];
  });
  const head = [
    'Service',
    'Protocol',
    'Transport',
    'Usual ports',
    'Records',
    'Specification',
    'Recognised by',
    'Limits',
    'Conformance',
  ];
  return `# Protocols\n\nRecognised by content; ports only order the asking. Conformance: for each record, the share of rows and of fields that are as Zeek writes them for the same captures (\`npm run conformance\`).\n\n${table(head, rows)}`;
}

const PAGES = {
  'records.md': records,
  'config.md': config,
  'errors.md': errors,
  'api.md': api,
  'models.md': models,
  'protocols.md': protocols,
};

for (const [name, write] of Object.entries(PAGES)) {
  const path = resolve(import.meta.dirname, '../docs', name);
  const text = `<!-- Written by tools/generate-docs.ts; do not edit. -->\n\n${write()}\n`;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`docs/${name} is not what the code says: run npm run docs`);
    stale++;
  } else writeFileSync(path, text);
}
console.log(`docs: ${stale === 0 ? 'in step' : `${stale} pages out of step`}`);
process.exitCode = stale === 0 ? 0 : 1;
