/** Indicator "Protocol". Transport: tcp, udp or icmp. */
import type { Indicator } from './definition.ts';

export const protocol: Indicator = {
  name: 'Protocol',
  doc: 'Transport: tcp, udp or icmp.',
  valueType: 'string',
  value: (o) => o.proto || undefined,
};
