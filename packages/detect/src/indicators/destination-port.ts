/** Indicator "Destination port". Port of the responder. */
import type { Indicator } from './definition.ts';

export const destinationPort: Indicator = {
  name: 'Destination port',
  doc: 'Port of the responder.',
  valueType: 'numeric',
  value: (o) => o.port || undefined,
};
