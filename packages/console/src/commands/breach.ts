/** `thymus breach`: model breaches. */
import type { WireBreach } from '@thymus/contract';
import { Command } from 'commander';
import { withApi } from '../connection.ts';
import { folderCommand, jsonOption, parseDuration, parseScore, parseWhole } from '../options.ts';
import { formatScore, formatTime, printFacts, printRows, terminal } from '../output.ts';

interface ListFlags {
  data: string;
  last?: number;
  minScore: number;
  all?: boolean;
  json?: boolean;
}

export const breach = (): Command =>
  new Command('breach').description('Model breaches.').addCommand(list()).addCommand(show());

const modelName = (b: WireBreach): string => ('now' in b.model ? b.model.now.name : b.model.name);

const list = (): Command =>
  folderCommand('list', 'List breaches, newest first.')
    .option('--last <duration>', 'only of the last 24h, 7d …, before the newest record', parseDuration)
    .option('--min-score <percent>', 'lowest score', parseScore, 0)
    .option('--all', 'acknowledged and suppressed ones, too')
    .option(...jsonOption)
    .action((flags: ListFlags) =>
      withApi(flags.data, {}, async (api) => {
        const query = new URLSearchParams({ minscore: String(flags.minScore), deviceattop: 'true' });
        if (flags.all)
          for (const name of ['includeacknowledged', 'includesuppressed']) query.set(name, 'true');
        if (flags.last !== undefined) {
          const { newest } = await api.call<{ newest: number | null }>('GET', '/ui/session');
          query.set('starttime', String((newest ?? Date.now()) - flags.last));
        }
        const breaches = await api.call<WireBreach[]>('GET', `/modelbreaches?${query}`);
        printRows(
          breaches.toReversed(),
          [
            { title: 'PBID', value: (b) => b.pbid, align: 'right' },
            { title: 'SCORE', value: (b) => formatScore(b.score), align: 'right' },
            { title: 'TIME', value: (b) => formatTime(b.time) },
            { title: 'DEVICE', value: (b) => b.device?.hostname ?? b.device?.ip ?? '' },
            { title: 'IP', value: (b) => b.device?.ip },
            { title: 'MODEL', value: (b) => modelName(b).replaceAll('::', ' / ') },
            { title: 'NOTE', value: (b) => (b.learning ? 'learning' : '') },
          ],
          flags.json ?? false,
        );
      }),
    );

const show = (): Command =>
  folderCommand('show', 'Show one breach with the numbers behind its score.')
    .argument('<pbid>', 'breach', parseWhole)
    .option(...jsonOption)
    .action((pbid: number, flags: { data: string; json?: boolean }) =>
      withApi(flags.data, {}, async (api) => {
        const why = await api.call<Explanation>('GET', `/ui/breaches/${pbid}`);
        if (flags.json) return printFacts(why, true);
        const { parts } = why;
        printFacts(
          {
            breach: pbid,
            model: why.model.name.replaceAll('::', ' / '),
            time: formatTime(why.time),
            device: why.did,
            score: `${formatScore(why.score)} (before habituation ${formatScore(why.pbscore)})`,
            because: `priority ${parts.priority} gives ${parts.base}; chance on a usual day ${parts.probability.toExponential(1)}; ${parts.behaviour}, ${parts.deviceRepeats.toFixed(1)} earlier on the device, ${parts.networkRepeats.toFixed(1)} per 100 others; learning × ${parts.learningFactor}`,
          },
          false,
        );
        for (const c of why.components) {
          const usual = c.usual ? `, usually ${c.usual.low}–${c.usual.high}` : '';
          terminal.write(`  ${c.label}: ${c.size} ${c.unit} > ${c.threshold}${usual}\n`);
          for (const { filter, value } of c.filters) {
            terminal.write(`    ${filter.type} ${filter.comparator} ${filter.value}: ${value}\n`);
          }
        }
        terminal.write(`${why.model.action}\n`);
      }),
    );

type Explanation = Record<string, unknown> & {
  did: number;
  time: number;
  score: number;
  pbscore: number;
  parts: {
    priority: number;
    base: number;
    probability: number;
    behaviour: string;
    deviceRepeats: number;
    networkRepeats: number;
    learningFactor: number;
  };
  model: { name: string; action: string };
  components: {
    label: string;
    unit: string;
    size: number;
    threshold: number;
    usual?: { low: number; high: number };
    filters: {
      filter: { type: string; comparator: string; value: string | number };
      value: string | number;
    }[];
  }[];
};
