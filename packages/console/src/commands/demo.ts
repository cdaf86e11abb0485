/** `thymus demo`: the simulated estate. */
import { existsSync, rmSync } from 'node:fs';
import { ThymusError } from '@thymus/core';
import { Command } from 'commander';
import { appliance } from '../connection.ts';
import { terminal } from '../output.ts';
import { DEMO_FOLDER } from './serve.ts';

export const demo = (): Command =>
  new Command('demo').description('The simulated estate.').addCommand(remove());

const remove = (): Command =>
  new Command('remove')
    .description('Remove the simulated estate.')
    .option('--data <dir>', 'its folder', DEMO_FOLDER)
    .action(async ({ data }: { data: string }) => {
      const { isDemoFolder, ownerOf } = await appliance();
      if (!existsSync(data)) throw new ThymusError('NOT_FOUND', `There is no folder ${data}.`);
      if (!isDemoFolder(data))
        throw new ThymusError('BAD_INPUT', `${data} does not hold a simulated estate; nothing was removed.`);
      if (ownerOf(data) !== undefined)
        throw new ThymusError('DATA_IN_USE', `${data} is in use; stop Thymus first.`);
      rmSync(data, { recursive: true });
      terminal.write(`Removed ${data}.\n`);
    });
