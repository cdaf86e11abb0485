/** Regular calls hours apart (ATT&CK T1071.001, T1029). */
import { component, filter, model } from '../definition.ts';

export const slowBeaconing = model({
  name: 'Compromise::Slow Beaconing Activity To External Rare',
  description:
    'The device returns to a rare outside endpoint hour after hour, whenever it is on, with contacts as regular as those of a machine.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['command-and-control'], techniques: ['T1071.001', 'T1029', 'T1573'] },
  tags: ['AP: C2 Comms'],
  throttle: 86_400,
  components: [
    component(
      'externalconnections',
      7,
      86_400,
      [
        filter('Beaconing score', '>', 60),
        filter('Rare external endpoint', '>', 95),
        filter('Persistence', '>', 60),
        filter('Time since first connection', '>', 28_800),
        filter('Age of destination', '<', 1_209_600),
        filter('Connection success', '>', 0),
        filter('Trusted hostname', 'is not', 'true'),
        filter('Destination port', 'does not match regular expression', '^(53|123|137|161)$'),
      ],
      { each: 'endpoint' },
    ),
  ],
  action: 'Compare the first contact with what was installed or opened on the device at that time.',
});
