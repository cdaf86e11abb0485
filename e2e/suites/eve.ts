/**
 * Suricata's EVE JSON as a source of its own: events made from captures, and the captures themselves, each into a fresh
 * data folder, must show the same devices and nearly the same breaches. Needs Suricata. `--share=N`, percent (90).
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, globSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { sharedFolder } from '../../tools/shared.ts';
import { type Ask, askFolder, runProgram } from '../src/program.ts';
import { numberOption, type SuiteContext } from '../src/suite-context.ts';

const CAPTURES = '{otrf/atomic,slips,dns-tunnel}/*.{pcap,pcapng,cap}.gz';

/** Exit code of an import that read all but some broken part; two of the captures end within a packet. */
const PARTIAL = 5;

export async function run({ folder, say }: SuiteContext): Promise<void> {
  const shared = sharedFolder();
  if (!shared) throw new Error('The suite needs the recordings of the reference corpora.');
  const corpus = join(shared, 'corpora/detection');
  const captures = join(folder, 'captures');
  const events = join(folder, 'events');
  for (const path of [captures, events]) mkdirSync(path);
  const names = globSync(CAPTURES, { cwd: corpus }).sort();
  for (const name of names) await makeEvents(join(corpus, name), captures, events);
  say(`${names.length} captures, read by Suricata.`);
  const ofCaptures = await findingsOf(join(folder, 'by-capture'), captures);
  say(`captures: ${ofCaptures.devices.size} devices, ${ofCaptures.pairs.size} pairs of device and model`);
  const ofEvents = await findingsOf(join(folder, 'by-event'), events);
  say(`EVE: ${ofEvents.devices.size} devices, ${ofEvents.pairs.size} pairs of device and model`);
  judge(ofCaptures, ofEvents, say);
}

/** Not in the stock settings: devices are told apart by their MAC addresses. */
const WITH_MACS = ['--set', 'outputs.1.eve-log.ethernet=yes'];

/** Unpacks a capture and lets Suricata write its events of it, without rules. */
async function makeEvents(packed: string, captures: string, events: string): Promise<void> {
  const name = basename(packed, '.gz');
  const capture = join(captures, name);
  await pipeline(createReadStream(packed), createGunzip(), createWriteStream(capture));
  const args = ['-r', capture, '-l', events, '-S', '/dev/null', '-k', 'none', '--runmode', 'single'];
  const { status, error } = spawnSync('suricata', [...args, ...WITH_MACS], { stdio: 'ignore' });
  if (status !== 0)
    throw new Error(`Suricata ended with ${status ?? error?.message} for ${name}; is it installed?`);
  renameSync(join(events, 'eve.json'), join(events, `${name}.json`));
}

interface Findings {
  /** Addresses. */
  devices: Set<string>;
  /** `device model`. */
  pairs: Set<string>;
}

async function findingsOf(data: string, input: string): Promise<Findings> {
  const files = globSync('*.{cap,pcap,pcapng,json}', { cwd: input }).sort();
  const paths = files.map((file) => join(input, file));
  const { code, stderr } = await runProgram(['ingest', '--data', data, '-q', ...paths]);
  if (code !== 0 && code !== PARTIAL) throw new Error(`The import ended with ${code}: ${stderr}`);
  return askFolder(data, readFindings);
}

interface Device {
  did: number;
  mac?: string;
  ips: { ip: string }[];
}

interface Breach {
  pbid: number;
  device: { did: number };
  model: { name: string };
}

async function readFindings(ask: Ask): Promise<Findings> {
  const { devices } = await ask<{ devices: Device[] }>('/ui/devices', { q: '', limit: 10_000 });
  const breaches = await ask<Breach[]>('/modelbreaches', {
    minscore: 0,
    includeacknowledged: 'true',
    includesuppressed: 'true',
    deviceattop: 'true',
    historicmodelonly: 'true',
    starttime: 0,
    endtime: Date.UTC(2100, 0, 1),
  });
  // By MAC where it is known: the networks of the captures use the same addresses again for other machines.
  const names = new Map(devices.map(({ did, mac, ips }) => [did, mac ?? ips[0]?.ip]));
  const pairs = new Set<string>();
  for (const { pbid, device, model } of breaches) {
    const name = names.get(device.did) ?? (await endpointOf(ask, pbid));
    pairs.add(`${name} ${model.name}`);
  }
  return { devices: new Set(devices.flatMap(({ ips }) => ips.map(({ ip }) => ip))), pairs };
}

/** The address that the evidence of a breach names: of a device that turned out to be another one there is no more. */
async function endpointOf(ask: Ask, pbid: number): Promise<string | undefined> {
  const breach = await ask<{ components: { evidence?: { endpoint?: string } }[] }>(`/ui/breaches/${pbid}`);
  return breach.components[0]?.evidence?.endpoint;
}

function judge(ofCaptures: Findings, ofEvents: Findings, say: SuiteContext['say']): void {
  const missing = ofCaptures.pairs.difference(ofEvents.pairs);
  const extra = ofEvents.pairs.difference(ofCaptures.pairs);
  const share = 1 - missing.size / ofCaptures.pairs.size;
  for (const pair of [...missing].sort()) say(`only from captures: ${pair}`);
  for (const pair of [...extra].sort()) say(`only from EVE: ${pair}`);
  say(`${(share * 100).toFixed(1)} % of pairs are found in EVE too; ${extra.size} are found only there.`);
  const others = [...ofCaptures.devices.symmetricDifference(ofEvents.devices)].sort();
  if (others.length > 0) throw new Error(`other devices: ${others.join(', ')}`);
  const wanted = numberOption('share', 90) / 100;
  if (!(share >= wanted)) throw new Error(`fewer than ${wanted * 100} % of pairs are found in EVE`);
}
