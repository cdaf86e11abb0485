/** Indicator "DNS host lookup". Name that was asked for. */
import type { Indicator } from './definition.ts';

export const dnsHostLookup: Indicator = {
  name: 'DNS host lookup',
  doc: 'Name that was asked for.',
  valueType: 'string',
  value: (o) => (o.kind === 'lookup' || o.kind === 'tunnel' ? o.message : undefined),
};
