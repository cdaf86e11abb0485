/** Bursts of names that do not exist (ATT&CK T1568.002). */
import { component, filter, model } from '../definition.ts';

export const generatedNames = model({
  name: 'Compromise::Burst of Nonexistent Names',
  description:
    'The device asks for many different names below domains that do not exist, as programs do that compute the name of their controller from the date.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['command-and-control'], techniques: ['T1568.002'] },
  tags: ['AP: C2 Comms'],
  components: [
    component('nxdomains', 50, 600, [
      filter('DNS host lookup', 'matches regular expression', '^[^.]{7,}\\.[^.]+$'),
      filter('Trusted hostname', 'is not', 'true'),
    ]),
  ],
  direct: true,
  action:
    'Look at the names: random letters or words without sense point to an infection, one wrong suffix to a misconfiguration.',
});
