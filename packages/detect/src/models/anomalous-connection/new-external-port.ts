/** Repeated use of an outside port that is new (ATT&CK T1571). */
import { COMMON_PORTS } from '../common-ports.ts';
import { component, filter, model } from '../definition.ts';

export const newExternalPort = model({
  name: 'Anomalous Connection::Multiple Connections to New External TCP Port',
  description:
    'The device connects again and again to a rare outside endpoint on a port that nobody else in the network uses towards the outside.',
  priority: 2,
  category: 'Informational',
  mitre: { tactics: ['command-and-control'], techniques: ['T1571'] },
  tags: ['AP: C2 Comms'],
  throttle: 86_400,
  components: [
    component(
      'externalconnections',
      5,
      3600,
      [
        filter('Protocol', 'is', 'tcp'),
        filter('Rare destination port', '>', 95),
        filter('Rare external endpoint', '>', 95),
        filter('Failed connection', 'is', 'false'),
        filter('Destination port', 'does not match regular expression', COMMON_PORTS),
        filter('Connection success', '>', 0),
        filter('Age of destination', '<', 1_209_600),
      ],
      { each: 'endpoint' },
    ),
  ],
  action: 'Ask which program needs the port, and whether the firewall should allow it.',
});
