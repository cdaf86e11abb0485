/** `thymus ingest`: captures and log files into a data folder. */

import { resolve } from 'node:path';
import type { IntakeSummary, JobView } from '@thymus/appliance';
import type { Command } from 'commander';
import { type Api, withApi } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { folderCommand, jsonOption } from '../options.ts';
import { harmless, terminal } from '../output.ts';
import { Progress, progressStyle } from '../progress.ts';

interface IngestFlags {
  data: string;
  case?: string;
  internal?: string;
  json?: boolean;
  quiet?: boolean;
  progress?: string;
}

export const ingest = (): Command =>
  folderCommand(
    'ingest',
    'Import captures (pcap, pcapng) and logs (Zeek TSV or JSON, Suricata EVE JSON), also gz and zst.',
  )
    .argument('<path...>', 'files and folders')
    .option('--case <name>', 'learn from them apart from everything else')
    .option('--internal <networks>', 'internal networks as CIDR, by comma (all private ranges)')
    .option(...jsonOption)
    .option('-q, --quiet', 'no progress')
    .option('--progress <style>', 'json: progress for machines')
    .addHelpText(
      'after',
      '\nAn import that was interrupted is resumed by the same command.\n\nExample: thymus ingest --case lab captures/',
    )
    .action((paths: string[], flags: IngestFlags) =>
      withApi(flags.data, { internal_networks: flags.internal }, (api) => run(api, paths, flags)),
    );

async function run(api: Api, paths: string[], flags: IngestFlags): Promise<void> {
  const body = {
    kind: 'ingest',
    paths: paths.map((path) => resolve(path)),
    ...(flags.case ? { case: flags.case } : {}),
  };
  const { id } = await api.call<{ id: number }>('POST', '/ui/jobs', body);
  const cancel = () => void api.call('DELETE', `/ui/jobs/${id}`);
  process.on('SIGINT', cancel);
  const progress = new Progress(progressStyle(flags));
  const job = await follow(api, id, progress);
  progress.end();
  process.off('SIGINT', cancel);
  process.exitCode = report(job, flags.json ?? false);
}

/** Watches a job until it has ended. */
async function follow(api: Api, id: number, progress: Progress): Promise<JobView> {
  for (;;) {
    const jobs = await api.call<JobView[]>('GET', '/ui/jobs');
    const job = jobs.find((candidate) => candidate.id === id)!;
    if (job.progress) {
      const { done, total, records } = job.progress;
      progress.show({ label: 'reading', done, total, count: records, unit: 'records' });
    }
    if (job.state !== 'running') return job;
    await new Promise((wait) => setTimeout(wait, 200));
  }
}

function report(job: JobView, isJson: boolean): number {
  if (job.state === 'failed') {
    const { message } = job.result as { message: string };
    terminal.note(`thymus: ${harmless(message)}\n`);
    return EXIT.failed;
  }
  const summary = job.result as IntakeSummary;
  for (const fault of summary.faults) {
    terminal.note(`${harmless(fault.path)}: ${harmless(fault.message)}\n`);
  }
  for (const note of summary.notes) terminal.note(`${harmless(note)}\n`);
  if (isJson) terminal.write(`${JSON.stringify({ state: job.state, ...summary })}\n`);
  else {
    const known = summary.records - summary.added;
    terminal.write(
      `${job.state === 'cancelled' ? 'Stopped: ' : ''}${summary.files} files, ${summary.packets.toLocaleString('en')} packets, ` +
        `${summary.records.toLocaleString('en')} records${known > 0 ? ` (${known.toLocaleString('en')} were there already)` : ''}.\n`,
    );
  }
  if (job.state === 'cancelled') return EXIT.partial;
  if (summary.faults.length === 0) return EXIT.ok;
  return summary.records > 0 ? EXIT.partial : EXIT.failed;
}
