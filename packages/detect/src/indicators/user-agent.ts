/** Indicator "User agent". What the HTTP client calls itself. */
import type { Indicator } from './definition.ts';

export const userAgent: Indicator = {
  name: 'User agent',
  doc: 'What the HTTP client calls itself.',
  valueType: 'string',
  value: (o) => o.userAgent || undefined,
};
