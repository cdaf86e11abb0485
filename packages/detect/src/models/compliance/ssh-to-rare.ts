/** Outgoing SSH to a rare place (ATT&CK T1572, T1021.004). */
import { component, filter, model } from '../definition.ts';

export const sshToRare = model({
  name: 'Compliance::SSH to Rare External Destination',
  description:
    'The device opened a remote shell to an outside endpoint that hardly anybody else in the network uses. A shell can carry any other traffic.',
  priority: 2,
  category: 'Informational',
  compliance: true,
  mitre: { tactics: ['command-and-control'], techniques: ['T1572', 'T1021.004'] },
  throttle: 86_400,
  components: [
    component(
      'externalconnections',
      0,
      3600,
      [
        filter('Destination port', '=', 22),
        filter('Application protocol', 'contains', 'ssh'),
        filter('Rare external endpoint', '>', 95),
        filter('Failed connection', 'is', 'false'),
        filter('Protocol', 'is', 'tcp'),
      ],
      { each: 'endpoint', logic: '(A OR B) AND C AND D AND E' },
    ),
  ],
  action: 'Ask who works there; agree on jump hosts.',
});
