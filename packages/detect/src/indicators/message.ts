/** Indicator "Message". What the observation says of itself: an operation, a file, a credential, the model that breached. */
import type { Indicator } from './definition.ts';

export const message: Indicator = {
  name: 'Message',
  doc: 'What the observation says of itself: an operation, a file, a credential, the model that breached.',
  valueType: 'string',
  value: (o) => o.message || undefined,
};
