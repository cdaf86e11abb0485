/** Several new credentials on one device (ATT&CK T1078, T1110.003). */
import { component, filter, model } from '../definition.ts';

export const uncommonNewCredentials = model({
  name: 'User::Multiple Uncommon New Credentials on Device',
  description:
    'Three or more credentials that were never used on the device before, and are used on hardly any other, were used on it within an hour.',
  priority: 4,
  category: 'Suspicious',
  mitre: { tactics: ['credential-access', 'lateral-movement'], techniques: ['T1078.002', 'T1110.003'] },
  throttle: 86_400,
  components: [
    component('newcredentials', 2, 3600, [
      filter('New or uncommon occurrence', '>', 50),
      filter('Device age', '>', 86_400),
      filter('Internal source device type', 'does not match regular expression', 'server'),
    ]),
  ],
  action: 'Ask whether the device is shared or was handed over; otherwise look for stolen credentials.',
});
