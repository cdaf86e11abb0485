/** Regular calls to a rare place outside (ATT&CK T1071.001, T1573). */
import { component, filter, model } from '../definition.ts';

export const beaconing = model({
  name: 'Compromise::Beaconing Activity To External Rare',
  description:
    'The device calls an outside endpoint regularly, in time and in size, that hardly anybody else in the network uses and that the network has not known for long.',
  priority: 2,
  category: 'Suspicious',
  mitre: { tactics: ['command-and-control'], techniques: ['T1071.001', 'T1573', 'T1571', 'T1095'] },
  tags: ['AP: C2 Comms'],
  throttle: 10_800,
  components: [
    component(
      'externalconnections',
      10,
      3600,
      [
        filter('Beaconing score', '>', 60),
        filter('Rare domain', '>', 95),
        filter('Rare external IP', '>', 95),
        filter('Age of destination', '<', 1_209_600),
        filter('Protocol', 'is', 'tcp'),
        filter('Connection success', '>', 0),
        filter('Trusted hostname', 'is not', 'true'),
        filter('Destination port', 'does not match regular expression', '^(53|123|137|161)$'),
      ],
      { each: 'endpoint', logic: 'A AND (B OR C) AND D AND E AND F AND G AND H' },
    ),
  ],
  action:
    'Find the program behind the calls; a new agent of your own software looks the same and is worth a trust entry.',
});
