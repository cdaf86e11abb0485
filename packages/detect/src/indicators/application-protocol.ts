/** Indicator "Application protocol". Protocol by content, comma separated. */
import type { Indicator } from './definition.ts';

export const applicationProtocol: Indicator = {
  name: 'Application protocol',
  doc: 'Protocol by content, comma separated.',
  valueType: 'string',
  value: (o) => o.service || undefined,
};
