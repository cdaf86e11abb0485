/** Indicator "Connection hostname". Name of the other end, from the handshake, the request or an earlier lookup. */
import type { Indicator } from './definition.ts';

export const connectionHostname: Indicator = {
  name: 'Connection hostname',
  doc: 'Name of the other end, from the handshake, the request or an earlier lookup.',
  valueType: 'string',
  value: (o) => o.host || undefined,
};
