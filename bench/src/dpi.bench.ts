/**
 * Dissection of a mixed capture beside Suricata and nDPI: `thymus dissect` with full output, each command on its own
 * and in turn, `--runs=N` times (3), the median counts.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { mixedCapture } from '../../tools/traffic/mix.ts';
import { type Cost, measure, median } from './dpi/measure.ts';
import { findPeers, needTime, type Peer } from './dpi/peers.ts';
import { type BenchRow, benchRow } from './row.ts';

const ROOT = join(import.meta.dirname, '../..');
const THYMUS = join(ROOT, 'packages/console/src/thymus.ts');

/** As the launcher starts it. */
const ENV = { ...process.env, NODE_COMPILE_CACHE: join(ROOT, 'bench/.cache/compiled') };

const ours: Peer = {
  name: 'thymus',
  command: (capture, folder) =>
    [process.execPath, THYMUS, 'dissect', capture, '--out', folder].concat('--checksums', 'ignore', '-q'),
};

export async function rows(): Promise<BenchRow[]> {
  needTime();
  const { suricata, ndpi } = findPeers();
  const capture = await mixedCapture();
  const [own, ofSuricata, ofNdpi] = inTurn(capture, [ours, suricata, ndpi]);
  const beside = (name: string, figure: (cost: Cost) => number, peer: Peer | undefined, cost?: Cost) => ({
    name,
    ours: figure(own!),
    ...(peer && cost ? { peer: { name: peer.name, value: figure(cost) } } : {}),
  });
  const cpu = ({ cpu }: Cost) => cpu;
  const megabytes = ({ memory }: Cost) => memory / 1e6;
  const rate = (cost: Cost) => (statSync(capture).size * 8) / 1e9 / cost.cpu;
  return [
    benchRow(beside('mix.cpu', cpu, suricata, ofSuricata), 'ratio <= 0.6'),
    benchRow(beside('mix.rss_mb', megabytes, suricata, ofSuricata), '<= 500'),
    benchRow(beside('mix.gbit_per_cpu_s', rate, suricata, ofSuricata), 'none'),
    benchRow(
      beside('mix.wall_s', ({ wall }) => wall, suricata, ofSuricata),
      'none',
    ),
    benchRow(beside('mix.cpu_beside_ndpi', cpu, ndpi, ofNdpi), 'none'),
    benchRow(beside('mix.rss_mb_beside_ndpi', megabytes, ndpi, ofNdpi), 'none'),
  ];
}

/** The median cost of each after one round that warms the caches; undefined for programs that are missing. */
function inTurn(capture: string, programs: readonly (Peer | undefined)[]): (Cost | undefined)[] {
  const runs = Number(/--runs=(\d+)/.exec(process.argv.join(' '))?.[1] ?? 3);
  const costs: Cost[][] = programs.map(() => []);
  for (let round = 0; round <= runs; round++) {
    for (const [i, program] of programs.entries()) {
      const cost = program && measure((folder) => program.command(capture, folder), ENV);
      if (cost && round > 0) costs[i]!.push(cost);
    }
  }
  return costs.map((all) => (all.length > 0 ? median(all) : undefined));
}
