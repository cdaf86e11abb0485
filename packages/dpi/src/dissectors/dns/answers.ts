/** Resource records as the one-line texts of the `answers` column, in the forms of Zeek's dns.log. RFC 1035 §4.1.3. */
import { formatAddress, formatV4 } from '@thymus/core';
import { fieldText, hexText } from '../../text.ts';
import { CLASS, TYPE, typeName } from './constants.ts';
import type { DnsReader } from './names.ts';

/** One resource record; `text` is empty where a type is read but says nothing, undefined where it is not reported. */
export interface ResourceRecord {
  name: string;
  type: number;
  cls: number;
  ttl: number;
  text: string | undefined;
  /** True for types that are not known here. */
  isUnknown: boolean;
}

/** Reads one record; check `reader.failed` before use. The reader stands behind it afterwards. */
export function readRecord(r: DnsReader, isNetbios: boolean): ResourceRecord {
  const name = r.name();
  const type = r.u16();
  const cls = r.u16();
  const ttl = r.u32();
  const length = r.u16();
  const record: ResourceRecord = { name, type, cls, ttl, text: undefined, isUnknown: false };
  if (r.failed) return record;
  const messageEnd = r.end;
  const end = r.at + length;
  if (end > messageEnd) {
    r.fail('DNS_truncated_RR_rdlength_lt_len');
    return record;
  }
  if (length > 0) {
    r.end = end;
    const text = dataText(r, record, isNetbios);
    if (text === UNKNOWN) record.isUnknown = true;
    record.text = text === UNKNOWN ? `<unknown type=${type}>` : text;
  }
  r.end = messageEnd;
  if (!r.failed) r.at = end;
  return record;
}

/** No type's text. */
const UNKNOWN = '\0';

type TextOf = (r: DnsReader, record: ResourceRecord) => string;

const nameText: TextOf = (r) => r.name();
const numberAndName =
  (bytes: number): TextOf =>
  (r) => {
    r.at += bytes;
    return r.name();
  };

const TEXTS = new Map<number, TextOf>([
  [TYPE.A, (r) => (r.end - r.at === 4 ? formatV4(r.bytes, r.at) : wrongLength(r))],
  [TYPE.AAAA, (r) => (r.end - r.at === 16 ? addressV6(r) : wrongLength(r))],
  [TYPE.A6, addressA6],
  [TYPE.NS, nameText],
  [TYPE.CNAME, nameText],
  [TYPE.PTR, nameText],
  [TYPE.SOA, nameText],
  [TYPE.MX, numberAndName(2)],
  [TYPE.SRV, numberAndName(6)],
  [TYPE.WKS, () => ''],
  [TYPE.HINFO, (r) => `HINFO ${shortString(r)} ${shortString(r)}`],
  [TYPE.TXT, (r) => strings(r, 'TXT')],
  [TYPE.SPF, (r) => strings(r, 'SPF')],
  [TYPE.LOC, location],
  [TYPE.NB, netbiosAddresses],
  [TYPE.NAPTR, namingAuthority],
  [TYPE.DS, (r) => `DS ${r.bytes[r.at + 2] ?? 0} ${r.bytes[r.at + 3] ?? 0}`],
  [TYPE.SSHFP, (r) => `SSHFP: ${hexText(r.bytes, r.at + 2, r.end)}`],
  [TYPE.RRSIG, signature],
  [TYPE.NSEC, (r, record) => `NSEC ${record.name} ${r.name()}`],
  [TYPE.DNSKEY, (r) => `DNSKEY ${r.bytes[r.at + 3] ?? 0}`],
  [TYPE.NSEC3, () => 'NSEC3'],
  [TYPE.NSEC3PARAM, () => 'NSEC3PARAM'],
  [TYPE.SVCB, (r) => `SVCB ${r.u16()} ${r.name()}`],
  [TYPE.HTTPS, (r) => `HTTPS ${r.u16()} ${r.name()}`],
  [TYPE.CAA, (r) => `CAA ${r.u8()} ${shortString(r)} ${fieldText(r.bytes, r.at, r.end)}`],
  [TYPE.BIND_SIGNING, () => 'BIND9 signing signal'],
]);

function dataText(r: DnsReader, record: ResourceRecord, isNetbios: boolean): string | undefined {
  const { type } = record;
  if (type === TYPE.OPT || type === TYPE.TKEY || type === TYPE.TSIG) return undefined;
  if (isNetbios && type === TYPE.SRV) return undefined; // there it means a node status
  const text = TEXTS.get(type);
  return text ? text(r, record) : UNKNOWN;
}

function wrongLength(r: DnsReader): string {
  r.fail('DNS_RR_length_mismatch');
  return '';
}

const sixteen = new Uint8Array(16);

function addressV6(r: DnsReader): string {
  sixteen.set(r.bytes.subarray(r.at, r.at + 16));
  return formatAddress(sixteen);
}

/** RFC 2874: a prefix length, the suffix bits, the prefix's name. */
function addressA6(r: DnsReader): string {
  const size = 16 - Math.floor(Math.min(r.u8(), 128) / 8);
  if (r.end - r.at < size) return wrongLength(r);
  sixteen.fill(0);
  sixteen.set(r.bytes.subarray(r.at, r.at + size), 16 - size);
  return formatAddress(sixteen);
}

function shortString(r: DnsReader): string {
  const size = r.u8();
  const from = r.at;
  if (from + size > r.end) return wrongLength(r);
  r.at += size;
  return fieldText(r.bytes, from, from + size);
}

/** Each character string with its type and size, as one answer. */
function strings(r: DnsReader, label: string): string {
  let text = '';
  while (r.at < r.end) {
    const size = r.bytes[r.at]!;
    const part = shortString(r);
    if (r.failed) return '';
    text += `${text === '' ? '' : ' '}${label} ${size} ${part}`;
  }
  return text;
}

/** RFC 1876: version, then size and the two precisions as raw numbers. */
function location(r: DnsReader): string {
  if (r.end - r.at < 4) return wrongLength(r);
  return `LOC:  ${r.bytes[r.at + 1]} ${r.bytes[r.at + 2]} ${r.bytes[r.at + 3]}`;
}

/** RFC 1002 §4.2.13: pairs of flags and address. */
function netbiosAddresses(r: DnsReader): string {
  const list: string[] = [];
  for (let at = r.at; at + 6 <= r.end; at += 6) list.push(formatV4(r.bytes, at + 2));
  return list.join(' ');
}

/** RFC 3403: order, preference, flags, service, regular expression, replacement; empty parts are left out. */
function namingAuthority(r: DnsReader): string {
  const parts = ['NAPTR', String(r.u16()), String(r.u16()), shortString(r), shortString(r), shortString(r)];
  parts.push(r.name());
  return parts.filter((part) => part !== '').join(' ');
}

/** RFC 4034 §3.1: what is covered and who signed. */
function signature(r: DnsReader): string {
  const covered = r.u16();
  r.at += 16;
  const signer = r.name();
  return `RRSIG ${covered} ${signer === '.' ? '<Root>' : signer}`;
}

/** A condition of a dynamic update. RFC 2136 §2.4. */
export function prerequisiteText({ name, type, cls, text }: ResourceRecord): string {
  const isNone = cls === CLASS.NONE;
  if (type === TYPE.ANY) return `pre: ${isNone ? 'NoName' : 'Name'} ${name}`;
  if (isNone || cls === CLASS.ANY) return `pre: ${isNone ? 'NoRRSet' : 'RRSet'} ${typeName(type)} ${name}`;
  return `pre: RR ${typeName(type)} ${name} ${text ?? ''}`;
}

/** A change of a dynamic update. RFC 2136 §2.5. */
export function changeText({ name, type, cls, text }: ResourceRecord): string {
  if (cls === CLASS.ANY) return type === TYPE.ANY ? `del: Name ${name}` : `del: RRSet ${typeName(type)}`;
  return `${cls === CLASS.NONE ? 'del' : 'add'}: ${typeName(type)} ${name} ${text ?? ''}`;
}
