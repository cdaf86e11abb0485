/** WinRM sessions on new edges (ATT&CK T1021.006). */
import { component, filter, model } from '../definition.ts';

export const remoteManagement = model({
  name: 'Anomalous Connection::New Remote Management Session',
  description:
    'The device opened a management session (WinRM) with a machine that it had not managed before, and hardly any other device manages machines this way.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['lateral-movement'], techniques: ['T1021.006'] },
  tags: ['AP: Lateral Movement'],
  components: [
    component('adminoperations', 0, 60, [
      filter('Message', 'is', 'remote management'),
      filter('New connection', 'is', 'true'),
      filter('New or uncommon occurrence', '>', 50),
    ]),
  ],
  action: 'Ask whose session it was; administrators come from few devices.',
});
