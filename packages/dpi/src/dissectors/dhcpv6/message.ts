/** One DHCPv6 message: its kind and the options that records use, out of the relays that carried it. RFC 8415 §8, §9, §21, RFC 3646, RFC 4704. */
import { formatAddress, Reader } from '@thymus/core';
import { fieldText, hexText } from '../../text.ts';

const RELAY_FORWARD = 12;
const RELAY_REPLY = 13;
const RELAY_HEADER = 34;
const HEADER = 4;
const MOST_RELAYS = 8;
const MOST_OPTIONS = 128;
const MOST_ENTRIES = 16;
const MOST_DUID = 130;

const OPTION = {
  CLIENT_ID: 1,
  SERVER_ID: 2,
  IA_NA: 3,
  IA_TA: 4,
  ADDRESS: 5,
  RELAY_MESSAGE: 9,
  STATUS: 13,
  VENDOR_CLASS: 16,
  DNS_SERVERS: 23,
  DOMAINS: 24,
  IA_PD: 25,
  PREFIX: 26,
  CLIENT_FQDN: 39,
} as const;

const TYPE_NAMES =
  'SOLICIT ADVERTISE REQUEST CONFIRM RENEW REBIND REPLY RELEASE DECLINE RECONFIGURE INFORMATION-REQUEST RELAY-FORW RELAY-REPL LEASEQUERY LEASEQUERY-REPLY'.split(
    ' ',
  );
const STATUS_NAMES = 'Success UnspecFail NoAddrsAvail NoBinding NotOnLink UseMulticast NoPrefixAvail'.split(
  ' ',
);

/** Kinds that servers send. */
const FROM_SERVER: readonly string[] = ['ADVERTISE', 'REPLY', 'RECONFIGURE', 'LEASEQUERY-REPLY'];

export interface Dhcpv6Message {
  readonly type: string;
  readonly isFromServer: boolean;
  readonly transId: number;
  /** The client's own address, where a relay tells it. */
  peer: string | undefined;
  clientDuid: string | undefined;
  serverDuid: string | undefined;
  mac: string | undefined;
  fqdn: string | undefined;
  vendorClass: string | undefined;
  status: string | undefined;
  /** ms. */
  lifetime: number | undefined;
  readonly addresses: string[];
  readonly prefixes: string[];
  readonly dnsServers: string[];
  readonly domains: string[];
}

/** True if the bytes are a message of a known kind whose options fill it. */
export function isMessage(bytes: Uint8Array): boolean {
  const type = bytes[0] ?? 0;
  if (type < 1 || type > TYPE_NAMES.length) return false;
  const r = new Reader(bytes, type === RELAY_FORWARD || type === RELAY_REPLY ? RELAY_HEADER : HEADER);
  if (r.at >= bytes.length) return false;
  while (r.left > 0 && !r.bad) {
    if (r.u16() > 255) return false;
    r.skip(r.u16());
  }
  return !r.bad;
}

/** Reads a message that `isMessage` accepted; undefined where relays hold none. */
export function readMessage(bytes: Uint8Array, depth = 0): Dhcpv6Message | undefined {
  const type = bytes[0] ?? 0;
  if (type === RELAY_FORWARD || type === RELAY_REPLY) return readRelayed(bytes, depth);
  const name = TYPE_NAMES[type - 1];
  if (name === undefined || bytes.length < HEADER) return undefined;
  const message: Dhcpv6Message = {
    type: name,
    isFromServer: FROM_SERVER.includes(name),
    transId: (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!,
    peer: undefined,
    clientDuid: undefined,
    serverDuid: undefined,
    mac: undefined,
    fqdn: undefined,
    vendorClass: undefined,
    status: undefined,
    lifetime: undefined,
    addresses: [],
    prefixes: [],
    dnsServers: [],
    domains: [],
  };
  eachOption(bytes, HEADER, bytes.length, (code, at, end) => readOption(message, code, bytes, at, end));
  return message;
}

function readRelayed(bytes: Uint8Array, depth: number): Dhcpv6Message | undefined {
  if (depth === MOST_RELAYS || bytes.length < RELAY_HEADER) return undefined;
  let message: Dhcpv6Message | undefined;
  eachOption(bytes, RELAY_HEADER, bytes.length, (code, at, end) => {
    if (code === OPTION.RELAY_MESSAGE) message ??= readMessage(bytes.subarray(at, end), depth + 1);
  });
  if (message) message.peer ??= formatAddress(bytes, 18);
  return message;
}

function eachOption(
  bytes: Uint8Array,
  from: number,
  to: number,
  take: (code: number, at: number, end: number) => void,
): void {
  const r = new Reader(bytes, from, to);
  for (let n = 0; n < MOST_OPTIONS && r.left >= 4; n++) {
    const code = r.u16();
    const length = r.u16();
    if (length > r.left) return;
    take(code, r.at, r.at + length);
    r.skip(length);
  }
}

function readOption(m: Dhcpv6Message, code: number, bytes: Uint8Array, at: number, end: number): void {
  switch (code) {
    case OPTION.CLIENT_ID:
      m.clientDuid = hexText(bytes, at, Math.min(end, at + MOST_DUID));
      m.mac = macOf(bytes, at, end);
      break;
    case OPTION.SERVER_ID:
      m.serverDuid = hexText(bytes, at, Math.min(end, at + MOST_DUID));
      break;
    case OPTION.IA_NA:
    case OPTION.IA_PD:
      eachOption(bytes, at + 12, end, (inner, from, to) => readLease(m, inner, bytes, from, to));
      break;
    case OPTION.IA_TA:
      eachOption(bytes, at + 4, end, (inner, from, to) => readLease(m, inner, bytes, from, to));
      break;
    case OPTION.STATUS:
      readStatus(m, bytes, at, end);
      break;
    case OPTION.VENDOR_CLASS:
      if (end - at > 6) m.vendorClass = fieldText(bytes, at + 6, end);
      break;
    case OPTION.DNS_SERVERS:
      for (let i = at; i + 16 <= end && m.dnsServers.length < MOST_ENTRIES; i += 16) {
        m.dnsServers.push(formatAddress(bytes, i));
      }
      break;
    case OPTION.DOMAINS:
      m.domains.push(...names(bytes, at, end));
      break;
    case OPTION.CLIENT_FQDN:
      m.fqdn = names(bytes, at + 1, end)[0];
  }
}

/** An address or a prefix with its lifetimes, or why there is none. */
function readLease(m: Dhcpv6Message, code: number, bytes: Uint8Array, at: number, end: number): void {
  const r = new Reader(bytes, at, end);
  if (code === OPTION.STATUS) readStatus(m, bytes, at, end);
  else if (code === OPTION.ADDRESS && end - at >= 24 && m.addresses.length < MOST_ENTRIES) {
    m.addresses.push(formatAddress(bytes, at));
    r.skip(20);
    m.lifetime ??= r.u32() * 1000;
  } else if (code === OPTION.PREFIX && end - at >= 25 && m.prefixes.length < MOST_ENTRIES) {
    r.skip(4);
    m.lifetime ??= r.u32() * 1000;
    m.prefixes.push(`${formatAddress(bytes, at + 9)}/${bytes[at + 8]}`);
  }
}

function readStatus(m: Dhcpv6Message, bytes: Uint8Array, at: number, end: number): void {
  if (end - at < 2) return;
  const code = (bytes[at]! << 8) | bytes[at + 1]!;
  const name = STATUS_NAMES[code] ?? `unknown-${code}`;
  if (code !== 0) m.status = end - at > 2 ? `${name}: ${fieldText(bytes, at + 2, end)}` : name;
  else m.status ??= name;
}

/** The hardware address in an identifier made of it, with or without a time. RFC 8415 §11.2, §11.4. */
function macOf(bytes: Uint8Array, at: number, end: number): string | undefined {
  const kind = end - at < 4 ? 0 : (bytes[at]! << 8) | bytes[at + 1]!;
  const from = kind === 1 ? at + 8 : kind === 3 ? at + 4 : end;
  return end - from === 6 ? hexText(bytes, from, end, ':') : undefined;
}

/** Names as labels, one after the other; the last may lack its end. */
function names(bytes: Uint8Array, at: number, end: number): string[] {
  const found: string[] = [];
  let labels: string[] = [];
  for (let p = at; p < end && found.length < MOST_ENTRIES; ) {
    const next = p + 1 + bytes[p]!;
    if (next > end || bytes[p]! > 63) break;
    if (bytes[p] !== 0) labels.push(fieldText(bytes, p + 1, next));
    else if (labels.length > 0) {
      found.push(labels.join('.'));
      labels = [];
    }
    p = next;
  }
  if (labels.length > 0) found.push(labels.join('.'));
  return found;
}
