/** Services created or started on other machines (ATT&CK T1569.002, T1543.003). */
import { component, filter, model } from '../definition.ts';

export const serviceControl = model({
  name: 'Anomalous Connection::New or Uncommon Service Control',
  description:
    'The device created, changed or started a service on another machine on which it had not done so before, and hardly any other device does it.',
  priority: 4,
  category: 'Suspicious',
  mitre: {
    tactics: ['execution', 'persistence', 'lateral-movement'],
    techniques: ['T1569.002', 'T1543.003', 'T1021.002'],
  },
  tags: ['AP: Lateral Movement'],
  components: [
    component('adminoperations', 0, 60, [
      filter('Message', 'matches regular expression', '^service (creation|control|manager)$'),
      filter('New connection', 'is', 'true'),
      filter('New or uncommon occurrence', '>', 50),
    ]),
  ],
  direct: true,
  action: 'Read the event log of the target for new services at that time.',
});
