/** `thymus pcap get`: packets out of the ring of a data folder, as a pcap file. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LINKTYPE_ETHERNET, parseAddress, pcapHeader, pcapPacket, ThymusError } from '@thymus/core';
import { Command } from 'commander';
import { withApi } from '../connection.ts';
import { folderCommand, parseDuration, parseWhole } from '../options.ts';
import { terminal } from '../output.ts';

interface PcapFlags {
  data: string;
  from?: number;
  to?: number;
  last?: number;
  host?: string;
  port?: number;
  uid?: string;
  out?: string;
}

/** What a packet must have, all of it. */
interface Wanted {
  from: number;
  to: number;
  hosts: Uint8Array[];
  ports: number[];
}

/** Around the connection of a uid: its first packet may have been stamped otherwise, its end is not known to the ms. */
const MARGIN = 1000;
/** A connection that is still open has no duration. */
const OPEN = 3_600_000;

export const pcap = (): Command =>
  new Command('pcap')
    .description('Captured packets.')
    .addCommand(
      folderCommand('get', 'Write packets of the packet ring to a pcap file.')
        .option('--from <time>', 'first moment, as 2026-01-05T12:00:00Z or ms since 1970', parseTime)
        .option('--to <time>', 'last moment', parseTime)
        .option('--last <duration>', 'the last 5m, 1h … instead', parseDuration)
        .option('--host <address>', 'packets from or to this address')
        .option('--port <n>', 'packets from or to this port', parseWhole)
        .option('--uid <uid>', 'packets of this connection')
        .option('--out <file>', 'the file; otherwise the standard output')
        .addHelpText('after', '\nExample: thymus pcap get --last 10m --host 10.0.0.5 --out slice.pcap')
        .action(run),
    );

function parseTime(text: string): number {
  const ms = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(ms))
    throw new ThymusError('BAD_INPUT', `Expected a time such as 2026-01-05T12:00:00Z, found ${text}.`);
  return ms;
}

async function run(flags: PcapFlags): Promise<void> {
  if (flags.out === undefined && process.stdout.isTTY)
    throw new ThymusError('BAD_INPUT', 'Packets are no text: give --out FILE, or send the output elsewhere.');
  const wanted = await wantedOf(flags);
  const file = flags.out === undefined ? 1 : openSync(flags.out, 'w', 0o600);
  const { count, others } = await writeSlice(join(flags.data, 'packets'), wanted, file);
  if (flags.out !== undefined) closeSync(file);
  terminal.note(`${count} ${count === 1 ? 'packet' : 'packets'}.\n`);
  if (others > 0) terminal.note(`${others} of another type of link were left out: a pcap file has one.\n`);
}

async function wantedOf(flags: PcapFlags): Promise<Wanted> {
  const now = Date.now();
  const from = flags.last === undefined ? (flags.from ?? 0) : now - flags.last;
  const given: Wanted = {
    from,
    to: flags.to ?? now,
    hosts: flags.host === undefined ? [] : [addressOf(flags.host)],
    ports: flags.port === undefined ? [] : [flags.port],
  };
  if (flags.uid === undefined) return given;
  const known = await connectionOf(flags.data, flags.uid);
  return { ...known, hosts: [...known.hosts, ...given.hosts], ports: [...known.ports, ...given.ports] };
}

function addressOf(text: string): Uint8Array {
  const bytes = parseAddress(text);
  if (!bytes) throw new ThymusError('BAD_INPUT', `--host: expected an IP address, found ${text}.`);
  return bytes;
}

/** Time and ends of a connection, as its record tells. */
async function connectionOf(folder: string, uid: string): Promise<Wanted> {
  if (!/^[A-Za-z0-9]+$/.test(uid)) throw new ThymusError('BAD_INPUT', `${uid} is no uid.`);
  const parameters = new URLSearchParams({ q: `@type:conn AND @fields.uid:${uid}`, size: '1', from: '0' });
  const { hits } = await withApi(folder, {}, (api) =>
    api.call<{ hits: Connection[] }>('GET', `/ui/search?${parameters}`),
  );
  const [found] = hits;
  if (!found) throw new ThymusError('NOT_FOUND', `There is no connection ${uid}.`);
  const hasPorts = found.proto === 'tcp' || found.proto === 'udp';
  return {
    from: found.ts - MARGIN,
    to: found.ts + (found.duration ?? OPEN) + MARGIN,
    hosts: [found.source_ip, found.dest_ip].map(addressOf),
    ports: hasPorts ? [found.source_port, found.dest_port] : [],
  };
}

interface Connection {
  ts: number;
  duration?: number;
  proto: string;
  source_ip: string;
  source_port: number;
  dest_ip: string;
  dest_port: number;
}

/** Writes the packets that are wanted; those of another link than the first are left out, and counted. */
async function writeSlice(folder: string, wanted: Wanted, file: number) {
  const { readRing } = await import('@thymus/capture');
  const { isAddress, Outline, RingKeys } = await import('@thymus/dpi');
  const outline = new Outline(true);
  const keys = new RingKeys();
  const fits = (): boolean => {
    const { isIp, bytes, sourceAt, destAt, addressSize, sourcePort, destPort } = outline;
    if (!isIp) return wanted.hosts.length === 0 && wanted.ports.length === 0;
    const has = (host: Uint8Array, at: number) => isAddress(bytes, at, addressSize, host);
    return (
      wanted.hosts.every((host) => has(host, sourceAt) || has(host, destAt)) &&
      wanted.ports.every((port) => port === sourcePort || port === destPort)
    );
  };
  let linktype: number | undefined;
  let count = 0;
  let others = 0;
  const { from, to, hosts } = wanted;
  readRing(
    folder,
    { from, to, keys: hosts.map((host) => keys.addressKey(host)) },
    {
      packet(bytes, offset, caplen, wirelen, ts, link) {
        outline.read(bytes, offset, caplen, link);
        if (!fits()) return;
        if (linktype !== undefined && linktype !== link) {
          others++;
          return;
        }
        if (linktype === undefined) writeSync(file, pcapHeader(link));
        linktype = link;
        writeSync(file, pcapPacket(ts, bytes.subarray(offset, offset + caplen), wirelen));
        count++;
      },
    },
  );
  if (linktype === undefined) writeSync(file, pcapHeader(LINKTYPE_ETHERNET));
  return { count, others };
}
