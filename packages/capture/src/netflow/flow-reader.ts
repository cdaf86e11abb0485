/**
 * Flow records out of datagrams: NetFlow version 5 (Cisco, "NetFlow Export Datagram Formats"), version 9 (RFC 3954) and
 * IPFIX (RFC 7011). Templates are kept per exporter, in bounds; nothing an exporter sends makes it throw.
 */
import { formatAddress, formatV4, Reader } from '@thymus/core';
import {
  ADDRESSES,
  BACK_COUNTS,
  type Clock,
  COUNTS,
  type CountName,
  type Flow,
  ICMP_TYPES,
  noFlow,
  REVERSE,
  SYSTEM_INIT,
  TIMES,
} from './elements.ts';

export interface FlowReaderCounts {
  datagrams: number;
  flows: number;
  /** Datagrams that are neither format, or break it. */
  broken: number;
  /** Sets whose template has not come yet: exporters send it every few minutes. */
  withoutTemplate: number;
}

interface TemplateField {
  id: number;
  /** VARIABLE: its length stands in front of it. */
  length: number;
  enterprise: number;
}

/** When a datagram was sent, and when its device was switched on, ms since the epoch. */
interface Times {
  sent: number;
  booted: number;
}

const VARIABLE = 65_535;
/** No device has more: what comes beyond takes the place of the oldest. */
const MOST_TEMPLATES = 4096;
const MOST_FIELDS = 256;
const V5_RECORD = 48;
/** A clock that is further off is not believed, ms. */
const FARTHEST = 86_400_000;
/** Seconds from 1900, where NTP counts from, to 1970. */
const NTP_TO_UNIX = 2_208_988_800;

export class FlowReader {
  readonly counts: FlowReaderCounts = { datagrams: 0, flows: 0, broken: 0, withoutTemplate: 0 };
  readonly #onFlow: (flow: Flow) => void;
  readonly #templates = new Map<string, readonly TemplateField[]>();

  constructor(onFlow: (flow: Flow) => void) {
    this.#onFlow = onFlow;
  }

  get templates(): number {
    return this.#templates.size;
  }

  /** Reads a datagram. `exporter` is the address it came from, `now` ms since the epoch. */
  read(bytes: Uint8Array, exporter: string, now: number): void {
    this.counts.datagrams++;
    const r = new Reader(bytes);
    const version = r.u16();
    if (version === 5) this.#readV5(r, now);
    else if (version === 9) this.#readV9(r, exporter, now);
    else if (version === 10) this.#readIpfix(r, exporter, now);
    else r.bad = true;
    if (r.bad) this.counts.broken++;
  }

  #readV5(r: Reader, now: number): void {
    const count = r.u16();
    const uptime = r.u32();
    const sent = r.u32() * 1000 + Math.floor(r.u32() / 1e6);
    r.skip(8);
    const times = { sent, booted: sent - uptime };
    for (let i = 0; i < count && r.left >= V5_RECORD; i++) {
      const flow = noFlow();
      flow.source = formatV4(r.take(4), 0);
      flow.dest = formatV4(r.take(4), 0);
      r.skip(8);
      flow.packets = r.u32();
      flow.bytes = r.u32();
      flow.start = times.booted + r.u32();
      flow.end = times.booted + r.u32();
      flow.sourcePort = r.u16();
      flow.destPort = r.u16();
      r.skip(1);
      flow.flags = r.u8();
      flow.proto = r.u8();
      r.skip(9);
      if (!r.bad) this.#tell(flow, times, now);
    }
  }

  #readV9(r: Reader, exporter: string, now: number): void {
    r.skip(2);
    const uptime = r.u32();
    const sent = r.u32() * 1000;
    r.skip(4);
    const scope = `${exporter}|9|${r.u32()}`;
    this.#readSets(r, scope, 0, { sent, booted: sent - uptime }, now);
  }

  #readIpfix(r: Reader, exporter: string, now: number): void {
    r.skip(2);
    const sent = r.u32() * 1000;
    r.skip(4);
    const scope = `${exporter}|10|${r.u32()}`;
    this.#readSets(r, scope, 2, { sent, booted: Number.NaN }, now);
  }

  /** Sets one after the other; those with templates have the number `templates`, options the next. */
  #readSets(r: Reader, scope: string, templates: number, times: Times, now: number): void {
    while (!r.bad && r.left >= 4) {
      const id = r.u16();
      const length = r.u16() - 4;
      if (length < 0 || length > r.left) {
        r.bad = true;
        return;
      }
      const set = new Reader(r.take(length));
      if (id === templates) this.#readTemplates(set, scope, templates === 2);
      else if (id >= 256) this.#readData(set, `${scope}|${id}`, times, now);
    }
  }

  #readTemplates(r: Reader, scope: string, hasEnterprises: boolean): void {
    while (!r.bad && r.left >= 4) {
      const id = r.u16();
      const count = r.u16();
      if (id < 256) return;
      const fields: TemplateField[] = [];
      for (let i = 0; i < count && !r.bad; i++) {
        const element = r.u16();
        const length = r.u16();
        const enterprise = hasEnterprises && element >= 0x8000 ? r.u32() : 0;
        fields.push({ id: element & 0x7fff, length, enterprise });
      }
      if (!r.bad) this.#keep(`${scope}|${id}`, fields);
    }
  }

  #keep(key: string, fields: readonly TemplateField[]): void {
    this.#templates.delete(key);
    if (fields.length === 0 || fields.length > MOST_FIELDS) return;
    if (this.#templates.size >= MOST_TEMPLATES) {
      const [oldest = ''] = this.#templates.keys();
      this.#templates.delete(oldest);
    }
    this.#templates.set(key, fields);
  }

  #readData(r: Reader, key: string, times: Times, now: number): void {
    const template = this.#templates.get(key);
    if (!template) {
      this.counts.withoutTemplate++;
      return;
    }
    const least = template.reduce((sum, { length }) => sum + (length === VARIABLE ? 1 : length), 0);
    // What is shorter than a record pads the set. A record without bytes would repeat for ever.
    while (least > 0 && r.left >= least && !r.bad) {
      const flow = this.#readRecord(r, template, { ...times });
      if (!r.bad) this.#tell(flow, times, now);
    }
  }

  #readRecord(r: Reader, template: readonly TemplateField[], times: Times): Flow {
    const flow = noFlow();
    const ups: [name: 'start' | 'end', uptime: number][] = [];
    for (const { id, length, enterprise } of template) {
      const size = length === VARIABLE ? variableLength(r) : length;
      const value = r.take(size);
      if (r.bad) break;
      if (enterprise === REVERSE) addCount(flow, BACK_COUNTS.get(id), value);
      if (enterprise !== 0) continue;
      const time = TIMES.get(id);
      const address = ADDRESSES.get(id);
      if (time?.[1] === 'uptime') ups.push([time[0], numberOf(value)]);
      else if (time) flow[time[0]] = timeOf(value, time[1]);
      else if (address) flow[address] = addressOf(value);
      else if (id === SYSTEM_INIT) times.booted = numberOf(value);
      else if (ICMP_TYPES.has(id)) setIcmp(flow, numberOf(value));
      else addCount(flow, COUNTS.get(id), value);
    }
    for (const [name, uptime] of ups) flow[name] = times.booted + uptime;
    return flow;
  }

  #tell(flow: Flow, { sent }: Times, now: number): void {
    if (flow.source === '' || flow.dest === '' || flow.packets + flow.backPackets === 0) return;
    const latest = Math.abs(sent - now) < FARTHEST ? sent : now;
    if (!(Math.abs(flow.end - latest) < FARTHEST)) flow.end = latest;
    if (!(flow.start <= flow.end && flow.end - flow.start < FARTHEST)) flow.start = flow.end;
    if (flow.proto === 1 && flow.sourcePort === 0) setIcmp(flow, flow.destPort);
    this.counts.flows++;
    this.#onFlow(flow);
  }
}

/** RFC 7011, 7: one byte, or 255 and two bytes. */
function variableLength(r: Reader): number {
  const short = r.u8();
  return short < 255 ? short : r.u16();
}

function addCount(flow: Flow, name: CountName | undefined, value: Uint8Array): void {
  if (name !== undefined) flow[name] = numberOf(value);
}

/** A whole number of any length; what is beyond 2^53 loses its last digits. */
function numberOf(value: Uint8Array): number {
  let sum = 0;
  for (const byte of value) sum = sum * 256 + byte;
  return sum;
}

function addressOf(value: Uint8Array): string {
  if (value.length === 4) return formatV4(value, 0);
  return value.length === 16 ? formatAddress(value) : '';
}

function timeOf(value: Uint8Array, clock: Clock): number {
  if (clock === 'seconds') return numberOf(value) * 1000;
  if (clock === 'milliseconds') return numberOf(value);
  const seconds = numberOf(value.subarray(0, 4)) - NTP_TO_UNIX;
  return seconds * 1000 + (numberOf(value.subarray(4, 8)) / 2 ** 32) * 1000;
}

/** Type and code stand in place of the ports, as in connection records. */
function setIcmp(flow: Flow, typeAndCode: number): void {
  flow.sourcePort = typeAndCode >> 8;
  flow.destPort = typeAndCode & 255;
}
