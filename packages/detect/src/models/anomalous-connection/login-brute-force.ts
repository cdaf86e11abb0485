/** Guessing of passwords (ATT&CK T1110). */
import { component, filter, model } from '../definition.ts';

export const loginBruteForce = model({
  name: 'Anomalous Connection::Possible Log-in Brute Force',
  description:
    'The device opens one short session after the other with a log-in service of one machine, each too small for work: passwords are being tried.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['credential-access'], techniques: ['T1110', 'T1110.001'] },
  tags: ['AP: Lateral Movement'],
  components: [component('loginattempts', 20, 600, [filter('Direction', 'is', 'out')], { each: 'endpoint' })],
  direct: true,
  action:
    'Look for a longer session at the end of the series: that is the guess that worked. Scripts that log in often should use keys.',
});
