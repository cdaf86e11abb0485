/** Indicator "JA3 hash". Fingerprint of the TLS client. */
import type { Indicator } from './definition.ts';

export const ja3Hash: Indicator = {
  name: 'JA3 hash',
  doc: 'Fingerprint of the TLS client.',
  valueType: 'string',
  value: (o) => o.ja3 || undefined,
};
