/** Indicator "ASN". Autonomous system of the other end, number and name. */
import type { Indicator } from './definition.ts';

export const asn: Indicator = {
  name: 'ASN',
  doc: 'Autonomous system of the other end, number and name.',
  valueType: 'string',
  value: (o, world) => {
    if (!o.external) return undefined;
    const { asn: number, name } = world.reference.asn(o.ip);
    return number > 0 ? `AS${number} ${name}` : undefined;
  },
};
