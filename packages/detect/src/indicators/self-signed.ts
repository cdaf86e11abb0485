/** Indicator "Self-signed certificate". The certificate of the server is its own issuer. */
import { flag, type Indicator } from './definition.ts';

export const selfSignedCertificate: Indicator = {
  name: 'Self-signed certificate',
  doc: 'The certificate of the server is its own issuer.',
  valueType: 'flag',
  value: (o) => flag(o.selfSigned),
};
