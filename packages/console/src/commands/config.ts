/** `thymus config`: the settings in force. */
import { join } from 'node:path';
import { CONFIG_SCHEMA, loadApplianceConfig } from '@thymus/appliance';
import { Command } from 'commander';
import { folderCommand } from '../options.ts';
import { terminal } from '../output.ts';

const load = (folder: string) => loadApplianceConfig({ file: join(folder, 'thymus.yaml'), env: process.env });

export const config = (): Command =>
  new Command('config')
    .description('Settings: thymus.yaml in the data folder, THYMUS_* in the environment.')
    .addCommand(
      folderCommand('check', 'Check the settings; exit code 78 names what is wrong.').action(
        ({ data }: { data: string }) => {
          load(data);
          terminal.write('The settings are right.\n');
        },
      ),
    )
    .addCommand(
      folderCommand('print', 'Print the settings in force.').action(({ data }: { data: string }) => {
        terminal.write(`${JSON.stringify(load(data), null, 2)}\n`);
      }),
    )
    .addCommand(
      new Command('schema').description('Print the JSON Schema of the settings.').action(() => {
        terminal.write(`${JSON.stringify(CONFIG_SCHEMA, null, 2)}\n`);
      }),
    );
