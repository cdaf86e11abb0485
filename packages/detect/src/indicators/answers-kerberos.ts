/** Indicator "Answers Kerberos". The device is a domain controller by what it serves: others get tickets from it. */
import { flag, type Indicator } from './definition.ts';

export const answersKerberos: Indicator = {
  name: 'Answers Kerberos',
  doc: 'The device gives Kerberos tickets to others: it is a domain controller.',
  valueType: 'flag',
  value: (o) => flag(o.device.clues.has('server|answers Kerberos')),
};
