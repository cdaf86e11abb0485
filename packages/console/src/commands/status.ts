/** `thymus status`: how the appliance is. */
import type { Command } from 'commander';
import { withApi } from '../connection.ts';
import { folderCommand, jsonOption } from '../options.ts';
import { printFacts } from '../output.ts';

export const status = (): Command =>
  folderCommand('status', 'Show how the appliance is.')
    .option(...jsonOption)
    .action((flags: { data: string; json?: boolean }) =>
      withApi(flags.data, {}, async (api) => {
        const found = await api.call<Record<string, unknown>>('GET', '/status');
        if (flags.json) return printFacts(found, true);
        const plain = Object.entries(found).filter(([, value]) => typeof value !== 'object');
        printFacts({ server: api.isServer ? 'running' : 'not running', ...Object.fromEntries(plain) }, false);
      }),
    );
