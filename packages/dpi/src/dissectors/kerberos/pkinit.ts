/** Certificates that Kerberos carries for log-ins with public keys. RFC 4556 §3.2; the envelope is CMS, RFC 5652 §5. */
import {
  children,
  content,
  context,
  type Der,
  derAt,
  derOid,
  OCTET_STRING,
  SEQUENCE,
  tagged,
  whole,
} from '../der.ts';
import { readCertificate } from '../x509/certificate.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
/** Types of pre-authentication data: a request's and a reply's. */
export const PK_AS_REQUEST = 16;
export const PK_AS_REPLY = 17;

/** Subject of the first certificate in the signed data that some octets hold. */
function signerOf(octets: Uint8Array): string | undefined {
  const envelope = children(derAt(octets), 2);
  if (derOid(envelope[0]) !== SIGNED_DATA) return undefined;
  const certificates = children(tagged(envelope, 0), 8).find((der) => der.tag === context(0));
  const first = children(certificates, 1)[0];
  return first && readCertificate(whole(first))?.columns.certificate_subject;
}

/** The octets of an implicitly tagged `[0]`. */
const implicit = (der: Der | undefined): Der | undefined =>
  children(der, 8).find((part) => part.tag === 0x80);

/** Subject of the certificate that a client or a server proves itself with; undefined if there is none. */
export function certificateSubject(value: Der | undefined): string | undefined {
  if (value?.tag !== OCTET_STRING) return undefined;
  const outer = derAt(content(value));
  // A request is a sequence; a reply a choice, whose first kind wraps another sequence.
  const signed = implicit(outer?.tag === SEQUENCE ? outer : children(outer, 1)[0]) ?? implicit(outer);
  return signed && signerOf(content(signed));
}
