/** TLS and DTLS: one ssl record per connection, x509 records for certificates that are new. Rows as Zeek's ssl.log. */
import type { Dissector } from '../dissector.ts';
import { DtlsSession, probeDtls } from './tls/dtls.ts';
import { probeTls, TlsSession } from './tls/tls.ts';
import { KnownCertificates } from './x509/known.ts';

const TCP_PORTS = [443, 563, 585, 614, 636, 853, 989, 990, 992, 993, 995, 5061, 5223, 8443];
const UDP_PORTS = [4433, 5684];

const withKnown = (known: KnownCertificates): Dissector => ({
  name: 'ssl',
  transports: ['tcp', 'udp'],
  ports: [...TCP_PORTS, ...UDP_PORTS],
  begins: (first) => (first >= 20 && first <= 24) || first >= 0x80,
  // DTLS's versions count downwards from 0xfeff, so that no record of one passes for the other.
  probe: (bytes, fromOriginator) => (bytes[1] === 0xfe ? probeDtls(bytes) : probeTls(bytes, fromOriginator)),
  open: (connection) =>
    connection.proto === 'tcp' ? new TlsSession(connection, known) : new DtlsSession(connection, known),
  create: () => withKnown(new KnownCertificates()),
});

export const ssl: Dissector = withKnown(new KnownCertificates());
