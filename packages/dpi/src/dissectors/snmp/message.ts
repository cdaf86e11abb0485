/** SNMP messages of all versions: who asks, what is asked for and what is told. RFC 1157 §4, RFC 3412 §6, RFC 3414 §2.4, RFC 3416 §3. */
import { fieldText } from '../../text.ts';
import {
  children,
  type Der,
  derAt,
  derInteger,
  derOid,
  INTEGER,
  inner,
  OCTET_STRING,
  OID,
  SEQUENCE,
} from '../der.ts';

export const PDU = {
  GET: 0xa0,
  GET_NEXT: 0xa1,
  RESPONSE: 0xa2,
  SET: 0xa3,
  TRAP: 0xa4,
  GET_BULK: 0xa5,
  INFORM: 0xa6,
  TRAP_V2: 0xa7,
  REPORT: 0xa8,
} as const;

const TIME_TICKS = 0x43;
const SYS_DESCR = '1.3.6.1.2.1.1.1.0';
const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
/** Zeek takes no object identifier with longer parts. */
const LONGEST_ARC = 5;
const MOST_BINDINGS = 512;

export interface SnmpMessage {
  version: string;
  community: string | undefined;
  user: string | undefined;
  /** Tag of the PDU; undefined where it is encrypted. */
  pdu: number | undefined;
  bindings: number;
  description: string | undefined;
  /** ms that the sender is up. */
  upTime: number | undefined;
  /** Bytes of a part of an object identifier that is longer than any number; 0 if there is none. */
  longArc: number;
}

const VERSIONS: Readonly<Record<number, string>> = { 0: '1', 1: '2c', 3: '3' };

/** True if the bytes begin as a message of a known version does. */
export function beginsMessage(bytes: Uint8Array): boolean {
  const outer = derAt(bytes);
  if (outer?.tag !== SEQUENCE) return false;
  const version = inner(outer);
  if (version?.tag !== INTEGER || version.to - version.from !== 1) return false;
  const second = derAt(bytes, version.to, outer.to);
  const number = bytes[version.from]!;
  if (number === 3) return second?.tag === SEQUENCE && inner(second)?.tag === INTEGER;
  if (number > 1 || second?.tag !== OCTET_STRING) return false;
  const pdu = derAt(bytes, second.to, outer.to)?.tag ?? 0;
  return pdu >= PDU.GET && pdu <= PDU.REPORT;
}

/** Reads a message; undefined for what is none. */
export function readMessage(bytes: Uint8Array): SnmpMessage | undefined {
  if (!beginsMessage(bytes)) return undefined;
  const [version, ...rest] = children(derAt(bytes), 4);
  const number = derInteger(version);
  const message: SnmpMessage = {
    version: VERSIONS[number ?? -1] ?? 'unknown',
    community: undefined,
    user: undefined,
    pdu: undefined,
    bindings: 0,
    description: undefined,
    upTime: undefined,
    longArc: 0,
  };
  if (number === 3) readVersion3(message, rest);
  else {
    message.community = textOf(rest[0]);
    readPdu(message, rest[1]);
  }
  return message;
}

const textOf = (der: Der | undefined): string | undefined =>
  der?.tag === OCTET_STRING ? fieldText(der.bytes, der.from, der.to) : undefined;

/** Header, security parameters, and the scoped PDU, which may be encrypted. */
function readVersion3(message: SnmpMessage, [, security, scoped]: readonly Der[]): void {
  const parameters = children(security && derAt(security.bytes, security.from, security.to), 6);
  message.user = textOf(parameters[3]);
  if (scoped?.tag !== SEQUENCE) return;
  if (message.user !== '') message.community = message.user;
  readPdu(message, children(scoped, 3)[2]);
}

function readPdu(message: SnmpMessage, pdu: Der | undefined): void {
  if (!pdu) return;
  message.pdu = pdu.tag;
  const fields = children(pdu, 6);
  const list = pdu.tag === PDU.TRAP ? fields[5] : fields[3];
  if (list?.tag !== SEQUENCE) return;
  for (const binding of children(list, MOST_BINDINGS)) {
    const [name, value] = children(binding, 2);
    message.bindings++;
    if (!name || !value) continue;
    checkArcs(message, name);
    if (pdu.tag === PDU.RESPONSE) readAnswer(message, name, value);
  }
}

function readAnswer(message: SnmpMessage, name: Der, value: Der): void {
  if (value.tag === OCTET_STRING && derOid(name) === SYS_DESCR) message.description = textOf(value);
  if (value.tag !== TIME_TICKS || derOid(name) !== SYS_UP_TIME) return;
  let ticks = 0;
  for (let i = value.from; i < Math.min(value.to, value.from + 5); i++) ticks = ticks * 256 + value.bytes[i]!;
  message.upTime = ticks * 10;
}

function checkArcs(message: SnmpMessage, name: Der): void {
  if (name.tag !== OID) return;
  let length = 0;
  for (let i = name.from; i < name.to; i++) {
    length++;
    if (length > LONGEST_ARC) message.longArc = Math.max(message.longArc, length);
    if ((name.bytes[i]! & 0x80) === 0) length = 0;
  }
}
