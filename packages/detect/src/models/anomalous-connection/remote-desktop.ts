/** Remote desktop on new edges (ATT&CK T1021.001). */
import { component, filter, model } from '../definition.ts';

export const remoteDesktop = model({
  name: 'Anomalous Connection::Unusual Internal Remote Desktop',
  description:
    'The device opened a remote desktop on a machine for the first time, and hardly any other device does that.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['lateral-movement'], techniques: ['T1021.001'] },
  tags: ['AP: Lateral Movement'],
  components: [
    component('adminoperations', 0, 60, [
      filter('Message', 'is', 'remote desktop'),
      filter('New connection', 'is', 'true'),
      filter('New or uncommon occurrence', '>', 50),
    ]),
  ],
  action: 'Ask whose session it was, and what was done next from the target.',
});
