/** `thymus search`: Advanced Search in the terminal. */
import type { Command } from 'commander';
import { withApi } from '../connection.ts';
import { folderCommand, jsonOption, parseDuration, parseWhole } from '../options.ts';
import { formatTime, printRows, terminal } from '../output.ts';

interface SearchFlags {
  data: string;
  last?: number;
  size: number;
  json?: boolean;
}

type Hit = { kind: string; ts: number } & Record<string, unknown>;

export const search = (): Command =>
  folderCommand('search', 'Search records, newest first.')
    .argument(
      '[query]',
      "in the Advanced Search language, e.g. '@type:dns AND @fields.query:*.example.com'",
      '',
    )
    .option('--last <duration>', 'only of the last 24h, 7d …, before the newest record', parseDuration)
    .option('--size <n>', 'how many at most', parseWhole, 50)
    .option(...jsonOption)
    .action((query: string, flags: SearchFlags) =>
      withApi(flags.data, {}, async (api) => {
        const parameters = new URLSearchParams({ q: query, size: String(flags.size) });
        if (flags.last !== undefined) {
          const { newest } = await api.call<{ newest: number | null }>('GET', '/ui/session');
          parameters.set('from', String((newest ?? Date.now()) - flags.last));
        }
        const reply = await api.call<{ total: number; totalIsExact: boolean; hits: Hit[] }>(
          'GET',
          `/ui/search?${parameters}`,
        );
        const end = (ip: unknown, port: unknown) => (ip ? `${ip}:${port}` : '');
        const rest = ({ kind: _, ts, uid, source_ip, source_port, dest_ip, dest_port, ...others }: Hit) =>
          Object.entries(others)
            .filter(
              ([, value]) => value !== '' && value !== 0 && !(Array.isArray(value) && value.length === 0),
            )
            .map(([name, value]) => `${name}=${value}`)
            .join(' ');
        printRows(
          reply.hits,
          [
            { title: 'TIME', value: (h) => formatTime(h.ts) },
            { title: 'TYPE', value: (h) => h.kind },
            { title: 'SOURCE', value: (h) => end(h['source_ip'], h['source_port']) },
            { title: 'DESTINATION', value: (h) => end(h['dest_ip'], h['dest_port']) },
            { title: 'FIELDS', value: rest },
          ],
          flags.json ?? false,
        );
        terminal.note(
          `${reply.hits.length} of ${reply.totalIsExact ? '' : 'at least '}${reply.total.toLocaleString('en')}\n`,
        );
      }),
    );
