/** `thymus start` and `thymus serve`: the appliance with its web interface, until Ctrl-C. */
import { existsSync } from 'node:fs';
import type { Master } from '@thymus/appliance';
import { Command } from 'commander';
import { appliance, openMaster } from '../connection.ts';
import { dataFolder, parseWhole } from '../options.ts';
import { harmless, terminal } from '../output.ts';
import { Progress, progressStyle } from '../progress.ts';

interface ServeFlags {
  data?: string;
  listen?: string;
  interface?: string;
  internal?: string;
  demo?: boolean;
  seed?: number;
  devices?: number;
  days?: number;
  quiet?: boolean;
  progress?: string;
}

/** The simulated estate has a folder of its own, beside the real one. */
export const DEMO_FOLDER = './thymus-demo';

const common = (command: Command): Command =>
  command
    .option('--data <dir>', 'data folder')
    .option('--listen <host:port>', 'where to serve the web interface and the API (127.0.0.1:8443)')
    .option('--interface <names>', 'capture from these interfaces, by comma')
    .option('--internal <networks>', 'internal networks as CIDR, by comma (all private ranges)')
    .option('-q, --quiet', 'no progress')
    .option('--progress <style>', 'json: progress for machines');

export const start = (): Command =>
  common(new Command('start'))
    .description('Start with a simulated estate on the first run, or on your own data folder.')
    .option('--demo', 'open the simulated estate even if there is a data folder')
    .option('--no-demo', 'start on an empty data folder')
    .option('--seed <n>', 'seed of the simulated estate', parseWhole)
    .option('--devices <n>', 'devices of the simulated estate', parseWhole)
    .option('--days <n>', 'days of the simulated estate', parseWhole)
    .action(async (flags: ServeFlags) => {
      const own = flags.data ?? dataFolder();
      const isDemo = flags.demo ?? (flags.data === undefined && !existsSync(own));
      const folder = isDemo ? (flags.data ?? DEMO_FOLDER) : own;
      await run(folder, flags, isDemo);
    });

export const serve = (): Command =>
  common(new Command('serve'))
    .description('Serve a data folder.')
    .action((flags: ServeFlags) => run(flags.data ?? dataFolder(), flags, false));

async function run(folder: string, flags: ServeFlags, wantsDemo: boolean): Promise<void> {
  const configFlags = {
    listen: flags.listen,
    capture_interface: flags.interface,
    internal_networks: flags.internal,
  };
  const { isDemoFolder } = await appliance();
  const isDemo = wantsDemo || (existsSync(folder) && isDemoFolder(folder));
  const master = await openMaster(folder, configFlags, {
    isDemo,
    onFault: (message) => terminal.note(`thymus: ${harmless(message)}\n`),
  });
  const stopped = untilStopped(master);
  try {
    const { url } = await master.listen();
    const first = await master.ensureFirstUser();
    terminal.write(`\n  Thymus is ready: ${url}\n`);
    terminal.write(`  Data folder:     ${master.folder.path}${isDemo ? '  (DEMO: simulated)' : ''}\n`);
    if (first)
      terminal.write(`  Log in as ${first.username} with the password ${first.password} (shown only now)\n`);
    terminal.write('  The certificate was made here; your browser will ask once. Ctrl-C stops.\n\n');
    if (isDemo) await loadDemo(master, flags);
  } catch (error) {
    await master.close();
    throw error;
  }
  await stopped;
}

async function loadDemo(master: Master, flags: ServeFlags): Promise<void> {
  const progress = new Progress(progressStyle(flags));
  await master.loadDemo(
    { seed: flags.seed, devices: flags.devices, days: flags.days },
    ({ done, total, records }) =>
      progress.show({ label: 'simulating', done, total, count: records, unit: 'records' }),
  );
  progress.end();
}

/** Resolves once the process was told to stop and the master has closed; a second Ctrl-C does not wait. */
function untilStopped(master: Master): Promise<void> {
  return new Promise((resolve, reject) => {
    let isStopping = false;
    const stop = () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      terminal.note('\nStopping…\n');
      master.close().then(resolve, reject);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
