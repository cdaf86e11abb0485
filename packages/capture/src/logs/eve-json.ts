/** Suricata's EVE JSON: one event per line, turned into records with Zeek's fields. */
import { canonicalAddress, type LogRecord } from '@thymus/core';
import { DnsPairing } from './eve-dns.ts';
import { EVENTS, Event, transportOf, type Values } from './eve-fields.ts';
import { EveFlows } from './eve-flows.ts';
import { type LineResult, type LogFormat, NOTHING } from './log-format.ts';
import { type Draft, RecordMaker } from './record-maker.ts';
import { parseObject } from './zeek-json.ts';

const DNS_PORTS = new Set([53, 5353, 5355]);

export class EveJson implements LogFormat {
  readonly #dns = new DnsPairing();
  readonly #flows = new EveFlows();

  line(text: string): LineResult {
    if (text === '') return NOTHING;
    const object = parseObject(text);
    if (!object) return { broken: 'no JSON object' };
    const event = new Event(object);
    const type = event.text('event_type');
    if (type === undefined) return { broken: 'no event_type' };
    if (event.time('timestamp') === undefined) return { broken: 'no timestamp' };
    if (type === 'dns')
      return gathered(this.#dns.take(event).map((made) => dnsRecord(made.event, made.values)));
    const mappings = EVENTS[type]?.filter(({ kind }) => RecordMaker.of(kind)) ?? [];
    if (mappings.length === 0) return { skipped: type };
    if (type === 'smb' || type === 'dcerpc') this.#flows.complete(event);
    return gathered(
      mappings.flatMap(({ kind, values }) => {
        const found = values(event);
        return found ? [recordOf(kind, event, found)] : [];
      }),
    );
  }

  end(): readonly LogRecord[] {
    const made = this.#dns.end().map(({ event, values }) => dnsRecord(event, values));
    return made.filter((record) => typeof record !== 'string');
  }
}

/** All records of an event; it is broken if none could be made. */
function gathered(made: readonly (LogRecord | string)[]): LineResult {
  const records = made.filter((record) => typeof record !== 'string');
  const reason = made.find((record) => typeof record === 'string');
  return records.length === 0 && reason !== undefined ? { broken: reason } : { records };
}

function recordOf(kind: string, event: Event, values: Values): LogRecord | string {
  const maker = RecordMaker.of(kind)!;
  const draft: Draft = { kind };
  const all: Values = { ...headOf(event), ...values };
  for (const [name, field] of Object.entries(maker.declaration.fields)) {
    const value = all[name];
    if (value === undefined || value === '' || Number.isNaN(value)) continue;
    if (field.type !== 'addr') draft[name] = value;
    else {
      const address = canonicalAddress(String(value));
      if (address !== undefined) draft[name] = address;
    }
  }
  return maker.finish(draft);
}

const headOf = (event: Event): Values => ({
  ts: event.time('timestamp'),
  uid: event.text('flow_id'),
  source_ip: event.text('src_ip'),
  source_port: portOf(event, 'src_port') ?? event.count('icmp_type') ?? 0,
  dest_ip: event.text('dest_ip'),
  dest_port: portOf(event, 'dest_port') ?? event.count('icmp_code') ?? 0,
});

function portOf(event: Event, path: string): number | undefined {
  const port = event.count(path);
  return port !== undefined && port <= 65_535 ? port : undefined;
}

/** Some versions give an answer the direction of its packet: the side with the port of DNS is the responder. */
function dnsRecord(event: Event, values: Values): LogRecord | string {
  const { source_ip, source_port, dest_ip, dest_port } = headOf(event);
  const isTurned = DNS_PORTS.has(source_port as number) && !DNS_PORTS.has(dest_port as number);
  const turned = isTurned
    ? { source_ip: dest_ip, source_port: dest_port, dest_ip: source_ip, dest_port: source_port }
    : {};
  return recordOf('dns', event, { proto: transportOf(event), ...turned, ...values });
}
