/** Long connections to a rare place on an unusual port (ATT&CK T1571, T1095). */
import { COMMON_PORTS } from '../common-ports.ts';
import { component, filter, model } from '../definition.ts';

export const sustainedToRarePort = model({
  name: 'Anomalous Connection::Sustained Connection to Rare Endpoint on Unusual Port',
  description:
    'The device stayed connected for ten minutes or more to a rare outside endpoint, on a port that nobody else in the network uses towards the outside. Remote control tools keep such a line open.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['command-and-control'], techniques: ['T1571', 'T1095'] },
  tags: ['AP: C2 Comms'],
  throttle: 10_800,
  components: [
    component(
      'connectedtime',
      599,
      3600,
      [
        filter('Rare external endpoint', '>', 95),
        filter('Rare destination port', '>', 95),
        filter('Protocol', 'is', 'tcp'),
        filter('Destination port', 'does not match regular expression', COMMON_PORTS),
        filter('Age of destination', '<', 1_209_600),
        filter('Connection success', '>', 0),
      ],
      { each: 'endpoint' },
    ),
  ],
  action: 'Find the program that holds the connection, and compare its start with downloads before.',
});
