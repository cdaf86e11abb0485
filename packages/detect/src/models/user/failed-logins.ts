/** Refused log-ins (ATT&CK T1110). */
import { component, filter, model } from '../definition.ts';

export const failedLogins = model({
  name: 'User::Large Number of Failed Log-ins',
  description:
    'Many log-ins from the device were refused within ten minutes, as the protocol itself says: guessing, spraying, or a service with an old password.',
  priority: 2,
  category: 'Suspicious',
  mitre: { tactics: ['credential-access'], techniques: ['T1110', 'T1110.001', 'T1110.003'] },
  throttle: 10_800,
  components: [component('failedlogins', 20, 600, [filter('Direction', 'is', 'out')])],
  direct: true,
  action: 'One account points to an old password, many accounts to a spray.',
});
