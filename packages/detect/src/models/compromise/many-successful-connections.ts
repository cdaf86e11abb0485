/** Floods of connections to one rare place (ATT&CK T1071). */
import { COMMON_PORTS } from '../common-ports.ts';
import { component, filter, model } from '../definition.ts';

export const manySuccessfulConnections = model({
  name: 'Compromise::Large Number of Suspicious Successful Connections',
  description:
    'The device opened a great many short connections to one rare outside endpoint on a port that hardly any other device uses.',
  priority: 4,
  category: 'Suspicious',
  mitre: { tactics: ['command-and-control'], techniques: ['T1071.001', 'T1571', 'T1095'] },
  tags: ['AP: C2 Comms'],
  components: [
    component(
      'externalconnections',
      100,
      600,
      [
        filter('Rare external endpoint', '>', 95),
        filter('Rare destination port', '>', 95),
        filter('Failed connection', 'is', 'false'),
        filter('Connection success', '>', 50),
        filter('Protocol', 'is', 'tcp'),
        filter('Destination port', 'does not match regular expression', COMMON_PORTS),
        filter('Age of destination', '<', 1_209_600),
      ],
      { each: 'endpoint' },
    ),
  ],
  direct: true,
  action: 'Find the program that connects, and whether the endpoint belongs to a service that you know.',
});
