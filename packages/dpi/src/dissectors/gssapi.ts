/** What authentication tokens hold that other protocols carry: Kerberos and NTLM within GSS-API and SPNEGO. RFC 4121 §4.1, RFC 4178 §4.2. */
import { children, content, type Der, derAt, derOid, inner, OCTET_STRING, tagged } from './der.ts';
import { type Message, readMessage } from './kerberos/message.ts';
import { isNtlm } from './ntlm/message.ts';

const SPNEGO = '1.3.6.1.5.5.2';
/** Kerberos, and the number that Windows 2000 wrote for it. */
const KERBEROS = new Set(['1.2.840.113554.1.2.2', '1.2.840.48018.1.2.2']);

const APPLICATION = 0x60;
const FIRST_TOKEN = 0xa0;
const LATER_TOKEN = 0xa1;
const ENUMERATED = 0x0a;

/** Bytes of a token's own type before the message: request, reply, error. */
const TOKEN_TYPE = 2;

/** What a responder says of a negotiation, RFC 4178 §4.2.2: accepted, going on, refused. */
export const ACCEPTED = 0;
export const GOES_ON = 1;
export const REFUSED = 2;

export interface Token {
  /** SPNEGO or GSS-API lies around the mechanism's own message. */
  readonly isWrapped: boolean;
  /** State of the negotiation, where the responder tells it. */
  readonly state?: number | undefined;
  readonly kerberos?: Message | undefined;
  /** The bytes of an NTLM message. */
  readonly ntlm?: Uint8Array | undefined;
}

const octets = (der: Der | undefined): Uint8Array | undefined =>
  der?.tag === OCTET_STRING ? content(der) : undefined;

function readMechanism(bytes: Uint8Array, isWrapped: boolean, state?: number): Token | undefined {
  if (isNtlm(bytes)) return { isWrapped, state, ntlm: bytes };
  const outer = derAt(bytes);
  if (outer?.tag !== APPLICATION) {
    const kerberos = readMessage(bytes);
    return kerberos || isWrapped ? { isWrapped, state, kerberos } : undefined;
  }
  const oid = inner(outer);
  const isKerberos = oid !== undefined && KERBEROS.has(derOid(oid));
  const kerberos = isKerberos ? readMessage(bytes.subarray(oid.to + TOKEN_TYPE)) : undefined;
  return kerberos || isWrapped ? { isWrapped: true, state, kerberos } : undefined;
}

function stateOf(parts: readonly Der[]): number | undefined {
  const state = tagged(parts, 0);
  return state?.tag === ENUMERATED && state.to - state.from === 1 ? state.bytes[state.from] : undefined;
}

/** The messages within a token, with or without SPNEGO around them; undefined if it is nothing of the kind. */
export function readToken(bytes: Uint8Array): Token | undefined {
  const outer = derAt(bytes);
  const isSpnego = outer?.tag === APPLICATION && derOid(inner(outer)) === SPNEGO;
  const choice = isSpnego ? children(outer, 2)[1] : outer;
  if (choice?.tag !== FIRST_TOKEN && choice?.tag !== LATER_TOKEN) return readMechanism(bytes, false);
  const parts = children(inner(choice), 8);
  const state = choice.tag === LATER_TOKEN ? stateOf(parts) : undefined;
  const held = octets(tagged(parts, 2));
  if (held) return readMechanism(held, true, state);
  return parts.length > 0 ? { isWrapped: true, state } : undefined;
}

/** The Kerberos message within a token, with or without SPNEGO around it; undefined if it holds none. */
export const kerberosIn = (token: Uint8Array): Message | undefined => readToken(token)?.kerberos;
