/** `thymus dissect`: captures to records, without a data folder; like `zeek -r`. */
import { parseRange, ThymusError } from '@thymus/core';
import type { FileOptions, GateCounts } from '@thymus/dpi';
import { Command, Option } from 'commander';
import { EXIT } from '../exit.ts';
import { extractTo } from '../extract.ts';
import { harmless, terminal } from '../output.ts';
import { Progress, progressStyle } from '../progress.ts';

interface DissectFlags {
  out?: string;
  format: 'zeek-tsv' | 'ndjson';
  checksums: 'check' | 'ignore';
  internal?: string;
  own?: boolean;
  dedup?: boolean;
  hashes?: boolean;
  extract?: string;
  extractLimit: string;
  quiet?: boolean;
  progress?: string;
}

export const dissect = (): Command =>
  new Command('dissect')
    .description('Turn captures into records: files in a folder, or NDJSON on the standard output.')
    .argument('<file...>', 'captures (pcap, pcapng; also gz and zst), or folders of them')
    .option('--out <dir>', 'folder for the files, made if missing')
    .addOption(
      new Option('--format <format>', 'how records are written')
        .choices(['zeek-tsv', 'ndjson'])
        .default('zeek-tsv'),
    )
    .addOption(
      new Option('--checksums <what>', 'drop packets with wrong checksums, or take them')
        .choices(['check', 'ignore'])
        .default('check'),
    )
    .option('--internal <networks>', 'internal networks as CIDR, by comma (all private ranges)')
    .option('--own', 'write the columns that Zeek does not have, too')
    .option('--dedup', 'leave out copies of packets that several captures, or one of them twice, have')
    .option('--hashes', 'fill in MD5, SHA-1 and SHA-256 of the files seen in transfer')
    .option('--extract <dir>', 'write the files seen in transfer into a folder, made if missing')
    .option('--extract-limit <bytes>', 'bytes of one file that are written at most', '104857600')
    .option('-q, --quiet', 'no progress')
    .option('--progress <style>', 'json: progress for machines')
    .addHelpText('after', '\nExample: thymus dissect trace.pcap --out logs')
    .action(run);

async function run(paths: string[], flags: DissectFlags): Promise<void> {
  if (flags.out === undefined && flags.format === 'zeek-tsv') {
    throw new ThymusError(
      'BAD_INPUT',
      'Zeek files need a folder: give --out DIR, or --format ndjson for the standard output.',
    );
  }
  const internal = flags.internal === undefined ? {} : { internal: networks(flags.internal) };
  const { createRecordWriter, expandPaths, readCaptures } = await import('@thymus/capture');
  const { DISSECTORS, Engine, PacketGate } = await import('@thymus/dpi');
  const withOwn = flags.own ?? flags.format === 'ndjson';
  const writer = createRecordWriter({
    format: flags.format,
    ...(flags.out === undefined ? {} : { folder: flags.out }),
    withOwnColumns: withOwn,
  });
  const options = {
    checksums: flags.checksums,
    ownColumns: withOwn,
    ...(withOwn ? {} : { onDemand: [] }),
    ...internal,
    files: fileOptions(flags),
  };
  const engine = new Engine(options, (record) => writer.write(record), DISSECTORS);
  const gate = flags.dedup ? new PacketGate({ deduplicate: true }, engine) : undefined;
  const progress = new Progress(progressStyle(flags));
  const summary = await readCaptures(await expandPaths(paths), gate ? () => gate.open() : engine, {
    onProgress: ({ bytesRead, bytesTotal, packets }) => {
      progress.show({
        label: 'reading',
        done: bytesRead,
        total: bytesTotal,
        count: packets,
        unit: 'packets',
      });
    },
  });
  engine.finish();
  writer.close();
  progress.end();
  if (gate && !flags.quiet) tellDuplicates(gate.counts);
  for (const { path, message } of summary.faults) terminal.note(`${harmless(path)}: ${harmless(message)}\n`);
  if (summary.faults.length > 0) process.exitCode = summary.packets > 0 ? EXIT.partial : EXIT.failed;
}

function fileOptions({ hashes, extract, extractLimit }: DissectFlags): FileOptions {
  const limit = Number(extractLimit);
  if (!Number.isSafeInteger(limit) || limit <= 0) {
    throw new ThymusError(
      'BAD_INPUT',
      `--extract-limit: expected a number of bytes above 0, found ${JSON.stringify(extractLimit)}.`,
    );
  }
  const extraction = extract === undefined ? {} : { extract: extractTo(extract) };
  return { hashes: hashes === true, extractLimit: limit, ...extraction };
}

function tellDuplicates(counts: readonly GateCounts[]): void {
  const packets = counts.reduce((sum, each) => sum + each.packets, 0);
  const copies = counts.reduce((sum, each) => sum + each.duplicatePackets, 0);
  const percent = packets === 0 ? 0 : (100 * copies) / packets;
  terminal.note(`${copies} of ${packets} packets were copies (${percent.toFixed(1)} %).\n`);
}

function networks(text: string): string[] {
  return text.split(',').map((network) => {
    if (parseRange(network)) return network;
    throw new ThymusError(
      'BAD_CONFIG',
      `--internal: expected networks such as 10.0.0.0/8, found ${JSON.stringify(network)}.`,
    );
  });
}
