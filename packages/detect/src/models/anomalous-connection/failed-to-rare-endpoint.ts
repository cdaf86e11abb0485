/** Many failures to one rare place (ATT&CK T1571, T1095). */
import { component, filter, model } from '../definition.ts';

export const failedToRareEndpoint = model({
  name: 'Anomalous Connection::Multiple Failed Connections to Rare Endpoint',
  description:
    'The device keeps trying to reach an outside endpoint that never answered anybody in this network. Programs whose controller was taken down behave like this.',
  priority: 2,
  category: 'Suspicious',
  mitre: { tactics: ['command-and-control'], techniques: ['T1571', 'T1095'] },
  tags: ['AP: C2 Comms'],
  throttle: 86_400,
  components: [
    component(
      'failedexternalconnections',
      30,
      3600,
      [
        filter('Connection success', '=', 0),
        filter('Rare external endpoint', '>', 50),
        filter('Age of destination', '<', 1_209_600),
      ],
      { each: 'endpoint' },
    ),
  ],
  action: 'Look up the endpoint, and find the program that keeps trying.',
});
