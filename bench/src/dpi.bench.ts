/**
 * Dissection beside Suricata, nDPI and tshark: `thymus dissect` with full output over a mixed and a bulky capture and one
 * with very many connections at once; each command on its own and in turn, `--runs=N` times (3), the median counts.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bulkCapture } from '../../tools/traffic/bulk.ts';
import { crowdedCapture } from '../../tools/traffic/crowd.ts';
import { mixedCapture } from '../../tools/traffic/mix.ts';
import { type Cost, measure, median } from './dpi/measure.ts';
import { findPeers, needTime, type Peer } from './dpi/peers.ts';
import { type BenchRow, benchRow } from './row.ts';

const ROOT = join(import.meta.dirname, '../..');
const THYMUS = join(ROOT, 'packages/console/src/thymus.ts');

/** As the launcher starts it. */
const ENV = { ...process.env, NODE_COMPILE_CACHE: join(ROOT, 'bench/.cache/compiled') };

/** Connections that are open at the same time. */
const CROWD = 200_000;

const ours: Peer = {
  name: 'thymus',
  command: (capture, folder) =>
    [process.execPath, THYMUS, 'dissect', capture, '--out', folder].concat('--checksums', 'ignore', '-q'),
};

export async function rows(): Promise<BenchRow[]> {
  needTime();
  const peers = findPeers();
  return [...(await mixed(peers)), ...(await bulky(peers)), ...(await besideTshark(peers))];
}

type Peers = ReturnType<typeof findPeers>;
type Figure = (cost: Cost) => number;

const cpu: Figure = (cost) => cost.cpu;
const wall: Figure = (cost) => cost.wall;
const megabytes: Figure = (cost) => cost.memory / 1e6;
const rateOver = (capture: string): Figure => {
  const gigabits = (statSync(capture).size * 8) / 1e9;
  return (cost) => gigabits / cost.cpu;
};

async function mixed({ suricata, ndpi }: Peers): Promise<BenchRow[]> {
  const capture = await mixedCapture();
  const [own, ofSuricata] = inTurn(capture, [ours, suricata]);
  const [ofNdpi] = inTurn(capture, [ndpi], 1);
  const [crowd, crowdOfSuricata] = inTurn(await crowdedCapture(CROWD), [ours, suricata], 1);
  const row = rowOf(own!, suricata, ofSuricata);
  return [
    row('mix.cpu', cpu, 'ratio <= 0.6'),
    row('mix.rss_mb', megabytes, '<= 500'),
    row('mix.gbit_per_cpu_s', rateOver(capture), 'none'),
    row('mix.wall_s', wall, 'none'),
    rowOf(own!, ndpi, ofNdpi)('mix.cpu_beside_ndpi', cpu, 'none'),
    rowOf(own!, ndpi, ofNdpi)('mix.rss_mb_beside_ndpi', megabytes, 'none'),
    rowOf(crowd!, suricata, crowdOfSuricata)('crowd.cpu', cpu, 'none'),
    rowOf(crowd!, suricata, crowdOfSuricata)('crowd.rss_mb', megabytes, '<= 500'),
  ];
}

async function bulky({ suricata }: Peers): Promise<BenchRow[]> {
  const capture = await bulkCapture();
  const [own, ofSuricata] = inTurn(capture, [ours, suricata]);
  const row = rowOf(own!, suricata, ofSuricata);
  return [
    row('bulk.cpu', cpu, 'ratio <= 0.8'),
    row('bulk.gbit_per_cpu_s', rateOver(capture), 'none'),
    row('bulk.rss_mb', megabytes, 'none'),
  ];
}

/** Over one window of the mix, as tshark is slow and needs ever more memory; its start and ours weigh more there. */
async function besideTshark({ tshark }: Peers): Promise<BenchRow[]> {
  const [own, ofTshark] = inTurn(await mixedCapture(1), [ours, tshark], 1);
  return [rowOf(own!, tshark, ofTshark)('tshark.cpu', cpu, 'ratio <= 0.0667')];
}

/** Makes rows of what we and a peer cost. */
const rowOf =
  (own: Cost, peer: Peer | undefined, ofPeer: Cost | undefined) =>
  (name: string, figure: Figure, bound: string): BenchRow => {
    const beside = peer && ofPeer ? { peer: { name: peer.name, value: figure(ofPeer) } } : {};
    return benchRow({ name, ours: figure(own), ...beside }, bound);
  };

const wantedRuns = (): number => Number(/--runs=(\d+)/.exec(process.argv.join(' '))?.[1] ?? 3);

/** The median cost of each, the capture being in memory; undefined for programs that are missing. */
function inTurn(
  capture: string,
  programs: readonly (Peer | undefined)[],
  runs = wantedRuns(),
): (Cost | undefined)[] {
  const costs: Cost[][] = programs.map(() => []);
  readThrough(capture);
  for (let round = 0; round < runs; round++) {
    for (const [i, program] of programs.entries()) {
      const cost = program && measure((folder) => program.command(capture, folder), ENV);
      if (cost) costs[i]!.push(cost);
    }
  }
  return costs.map((all) => (all.length > 0 ? median(all) : undefined));
}

/** Brings a file into the page cache, so that whoever reads it first does not pay for the disk. */
function readThrough(path: string): void {
  const file = openSync(path, 'r');
  const chunk = Buffer.allocUnsafe(4_194_304);
  while (readSync(file, chunk) > 0);
  closeSync(file);
}
