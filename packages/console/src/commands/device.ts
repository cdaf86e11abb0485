/** `thymus device`: tracked devices. */
import type { WireDevice } from '@thymus/contract';
import { Command } from 'commander';
import { withApi } from '../connection.ts';
import { folderCommand, jsonOption, parseWhole } from '../options.ts';
import { formatTime, printFacts, printRows } from '../output.ts';

type Listed = WireDevice & { time?: number; endtime?: number };

export const device = (): Command =>
  new Command('device').description('Tracked devices.').addCommand(list()).addCommand(show());

const list = (): Command =>
  folderCommand('list', 'List devices.')
    .option(...jsonOption)
    .action((flags: { data: string; json?: boolean }) =>
      withApi(flags.data, {}, async (api) => {
        const devices = await api.call<Listed[]>('GET', '/devices?seensince=5000weeks');
        printRows(
          devices,
          [
            { title: 'DID', value: (d) => d.did, align: 'right' },
            { title: 'HOSTNAME', value: (d) => d.hostname },
            { title: 'IP', value: (d) => d.ip },
            { title: 'MAC', value: (d) => d.macaddress },
            { title: 'TYPE', value: (d) => d.typelabel },
            { title: 'LAST SEEN', value: (d) => (d.endtime ? formatTime(d.endtime) : '') },
          ],
          flags.json ?? false,
        );
      }),
    );

const show = (): Command =>
  folderCommand('show', 'Show one device.')
    .argument('<did>', 'device', parseWhole)
    .option(...jsonOption)
    .action((did: number, flags: { data: string; json?: boolean }) =>
      withApi(flags.data, {}, async (api) => {
        const found = await api.call<Record<string, unknown>>('GET', `/ui/devices/${did}`);
        const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : value);
        const facts = Object.fromEntries(Object.entries(found).map(([key, value]) => [key, text(value)]));
        printFacts(flags.json ? found : facts, flags.json ?? false);
      }),
    );
