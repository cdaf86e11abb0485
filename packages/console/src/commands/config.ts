/** `thymus config`: the settings in force. */
import { join } from 'node:path';
import { Command } from 'commander';
import { appliance } from '../connection.ts';
import { folderCommand } from '../options.ts';
import { terminal } from '../output.ts';

async function load(folder: string) {
  const { loadApplianceConfig } = await appliance();
  return loadApplianceConfig({ file: join(folder, 'thymus.yaml'), env: process.env });
}

export const config = (): Command =>
  new Command('config')
    .description('Settings: thymus.yaml in the data folder, THYMUS_* in the environment.')
    .addCommand(
      folderCommand('check', 'Check the settings; exit code 78 names what is wrong.').action(
        async ({ data }: { data: string }) => {
          await load(data);
          terminal.write('The settings are right.\n');
        },
      ),
    )
    .addCommand(
      folderCommand('print', 'Print the settings in force.').action(async ({ data }: { data: string }) => {
        terminal.write(`${JSON.stringify(await load(data), null, 2)}\n`);
      }),
    )
    .addCommand(
      new Command('schema').description('Print the JSON Schema of the settings.').action(async () => {
        const { CONFIG_SCHEMA } = await appliance();
        terminal.write(`${JSON.stringify(CONFIG_SCHEMA, null, 2)}\n`);
      }),
    );
