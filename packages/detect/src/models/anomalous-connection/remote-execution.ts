/** Code run on other machines by WMI or DCOM (ATT&CK T1047, T1021.003). */
import { component, filter, model } from '../definition.ts';

export const remoteExecution = model({
  name: 'Anomalous Connection::New or Uncommon Remote Execution',
  description:
    'The device asked another machine to run a method or create an object (WMI, DCOM) or changed its registry, which it had not done there before and which hardly any other device does.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['execution', 'lateral-movement'], techniques: ['T1047', 'T1021.003', 'T1546.003'] },
  tags: ['AP: Lateral Movement'],
  components: [
    component('adminoperations', 0, 60, [
      filter(
        'Message',
        'matches regular expression',
        '^(WMI (execution|log-in)|remote object|registry change|account change|machine password change)$',
      ),
      filter('New connection', 'is', 'true'),
      filter('New or uncommon occurrence', '>', 50),
    ]),
  ],
  action: 'Look at the processes that were started on the target at that time.',
});
