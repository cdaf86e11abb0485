/** One DHCP message: fixed fields and the options that records use. RFC 2131 §2, RFC 2132, RFC 4702 (client FQDN). */
import { formatV4 } from '@thymus/core';
import { fieldText, hexText } from '../../text.ts';

const OPTIONS_AT = 240;
const UNSET_ADDRESS = '0.0.0.0';
const OPTION = {
  HOST_NAME: 12,
  DOMAIN_NAME: 15,
  REQUESTED_ADDRESS: 50,
  LEASE_TIME: 51,
  OVERLOAD: 52,
  MESSAGE_TYPE: 53,
  PARAMETERS: 55,
  MESSAGE: 56,
  VENDOR_CLASS: 60,
  CLIENT_ID: 61,
  CLIENT_FQDN: 81,
  END: 255,
} as const;

const TYPE_NAMES =
  'DISCOVER OFFER REQUEST DECLINE ACK NAK RELEASE INFORM FORCERENEW LEASEQUERY LEASEUNASSIGNED LEASEUNKNOWN LEASEACTIVE BULKLEASEQUERY LEASEQUERYDONE ACTIVELEASEQUERY LEASEQUERYSTATUS TLS'.split(
    ' ',
  );

export interface DhcpMessage {
  isRequest: boolean;
  transId: number;
  /** Hardware address of the client from the fixed part. */
  mac: string;
  /** Undefined where 0.0.0.0, for this and the relay's. */
  assigned: string | undefined;
  relay: string | undefined;
  /** Kind of message; undefined for plain BOOTP. */
  type: string | undefined;
  hostName: string | undefined;
  domain: string | undefined;
  requested: string | undefined;
  /** ms. */
  leaseTime: number | undefined;
  text: string | undefined;
  vendorClass: string | undefined;
  parameters: string | undefined;
  clientFqdn: string | undefined;
  /** Hardware address of the client from its identifier. */
  clientIdMac: string | undefined;
  /** True where an option ran past the message. */
  isBroken: boolean;
}

/** True if the bytes are a BOOTP message with DHCP's cookie. */
export function isDhcp(b: Uint8Array): boolean {
  return (
    b.length >= OPTIONS_AT &&
    (b[0] === 1 || b[0] === 2) &&
    b[2]! <= 16 &&
    b[236] === 0x63 &&
    b[237] === 0x82 &&
    b[238] === 0x53 &&
    b[239] === 0x63
  );
}

/** Reads a message that `isDhcp` accepted. */
export function readMessage(b: Uint8Array): DhcpMessage {
  const m: DhcpMessage = {
    isRequest: b[0] === 1,
    transId: ((b[4]! << 24) | (b[5]! << 16) | (b[6]! << 8) | b[7]!) >>> 0,
    mac: hexText(b, 28, 28 + (b[2] || 6), ':'),
    assigned: addressAt(b, 16),
    relay: addressAt(b, 24),
    type: undefined,
    hostName: undefined,
    domain: undefined,
    requested: undefined,
    leaseTime: undefined,
    text: undefined,
    vendorClass: undefined,
    parameters: undefined,
    clientFqdn: undefined,
    clientIdMac: undefined,
    isBroken: false,
  };
  const overload = readOptions(m, b, OPTIONS_AT, b.length);
  if (overload & 1) readOptions(m, b, 108, 236);
  if (overload & 2) readOptions(m, b, 44, 108);
  return m;
}

function addressAt(b: Uint8Array, at: number): string | undefined {
  const text = formatV4(b, at);
  return text === UNSET_ADDRESS ? undefined : text;
}

/** Reads one area of options; gives the value of the overload option. */
function readOptions(m: DhcpMessage, b: Uint8Array, from: number, to: number): number {
  let overload = 0;
  for (let at = from; at < to && b[at] !== OPTION.END; ) {
    const code = b[at]!;
    if (code === 0) {
      at++;
      continue;
    }
    const end = at + 2 + (b[at + 1] ?? 0);
    if (at + 1 >= to || end > to) {
      m.isBroken = true;
      break;
    }
    if (code === OPTION.OVERLOAD && end > at + 2) overload = b[at + 2]!;
    else readOption(m, code, b, at + 2, end);
    at = end;
  }
  return overload;
}

function readOption(m: DhcpMessage, code: number, b: Uint8Array, at: number, end: number): void {
  switch (code) {
    case OPTION.MESSAGE_TYPE:
      if (end > at) m.type = TYPE_NAMES[b[at]! - 1] ?? `unknown-message-type-${b[at]}`;
      break;
    case OPTION.HOST_NAME:
      m.hostName = textOf(b, at, end);
      break;
    case OPTION.DOMAIN_NAME:
      m.domain = textOf(b, at, end);
      break;
    case OPTION.REQUESTED_ADDRESS:
      if (end - at === 4) m.requested = formatV4(b, at);
      break;
    case OPTION.LEASE_TIME:
      if (end - at === 4)
        m.leaseTime = (((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0) * 1000;
      break;
    case OPTION.PARAMETERS:
      m.parameters = b.subarray(at, end).join(',');
      break;
    case OPTION.MESSAGE:
      m.text = textOf(b, at, end);
      break;
    case OPTION.VENDOR_CLASS:
      m.vendorClass = textOf(b, at, end);
      break;
    case OPTION.CLIENT_ID:
      if (b[at] === 1 && end - at === 7) m.clientIdMac = hexText(b, at + 1, end, ':');
      break;
    case OPTION.CLIENT_FQDN:
      if (end - at > 3) m.clientFqdn = fqdn(b, at, end);
      break;
  }
}

/** Text without the NUL that some implementations append; undefined for none. */
function textOf(b: Uint8Array, at: number, end: number): string | undefined {
  let to = end;
  while (to > at && b[to - 1] === 0) to--;
  return to > at ? fieldText(b, at, to) : undefined;
}

/** Flags, two result codes, then the name: as labels where the E flag is set, else as text. */
function fqdn(b: Uint8Array, at: number, end: number): string | undefined {
  if ((b[at]! & 4) === 0) return textOf(b, at + 3, end);
  const labels: string[] = [];
  for (let p = at + 3; p < end && b[p] !== 0; ) {
    const next = p + 1 + b[p]!;
    if (next > end) return undefined;
    labels.push(fieldText(b, p + 1, next));
    p = next;
  }
  return labels.length > 0 ? labels.join('.') : undefined;
}
