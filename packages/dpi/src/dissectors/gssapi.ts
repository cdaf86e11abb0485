/** What authentication tokens hold that other protocols carry: Kerberos within GSS-API and SPNEGO. RFC 4121 §4.1, RFC 4178 §4.2. */
import { children, content, type Der, derAt, derOid, inner, OCTET_STRING, tagged } from './der.ts';
import { type Message, readMessage } from './kerberos/message.ts';

const SPNEGO = '1.3.6.1.5.5.2';
/** Kerberos, and the number that Windows 2000 wrote for it. */
const KERBEROS = new Set(['1.2.840.113554.1.2.2', '1.2.840.48018.1.2.2']);

const APPLICATION = 0x60;
const FIRST_TOKEN = 0xa0;
const LATER_TOKEN = 0xa1;

/** Bytes of a token's own type before the message: request, reply, error. */
const TOKEN_TYPE = 2;

const octets = (der: Der | undefined): Uint8Array | undefined =>
  der?.tag === OCTET_STRING ? content(der) : undefined;

function readMechanism(token: Uint8Array): Message | undefined {
  const outer = derAt(token);
  if (outer?.tag !== APPLICATION) return readMessage(token);
  const oid = inner(outer);
  return oid && KERBEROS.has(derOid(oid)) ? readMessage(token.subarray(oid.to + TOKEN_TYPE)) : undefined;
}

/** The Kerberos message within a token, with or without SPNEGO around it; undefined if it holds none. */
export function kerberosIn(token: Uint8Array): Message | undefined {
  const outer = derAt(token);
  const isSpnego = outer?.tag === APPLICATION && derOid(inner(outer)) === SPNEGO;
  const choice = isSpnego ? children(outer, 2)[1] : outer;
  if (choice?.tag !== FIRST_TOKEN && choice?.tag !== LATER_TOKEN) return readMechanism(token);
  const held = octets(tagged(children(inner(choice), 8), 2));
  return held && readMechanism(held);
}
