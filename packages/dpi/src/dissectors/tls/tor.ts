/** The certificates that Tor relays make for their links: one alone, subject and issuer two random host names. Tor specification, "Channels". */

const SUBJECT = /^CN=www\.([a-z2-7]{8,20})\.net$/;
const ISSUER = /^CN=www\.([a-z2-7]{8,20})\.com$/;

/** True for a chain of the shape. Before TLS 1.3 only, which hides certificates. */
export function isTorShape(length: number, subject: string, issuer: string): boolean {
  if (length !== 1) return false;
  const name = SUBJECT.exec(subject)?.[1];
  const other = ISSUER.exec(issuer)?.[1];
  return name !== undefined && other !== undefined && name !== other;
}
