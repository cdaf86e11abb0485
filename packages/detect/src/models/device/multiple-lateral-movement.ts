/** Meta: several lateral movement models on one device (ATT&CK T1021). */
import { component, filter, model } from '../definition.ts';

export const multipleLateralMovement = model({
  name: 'Device::Multiple Lateral Movement Model Alerts',
  description: 'Two or more models of movement between machines breached on the device within an hour.',
  priority: 5,
  category: 'Critical',
  mitre: { tactics: ['lateral-movement'], techniques: ['T1021'] },
  tags: ['AP: Lateral Movement'],
  throttle: 10_800,
  components: [
    component('distinctmodelbreaches', 1, 3600, [
      filter(
        'Message',
        'matches regular expression',
        'Lateral Movement$|Service Control|Remote Management|Remote Desktop|Hidden SMB|Scheduled Task|Remote Execution|Program Written',
      ),
      filter('Message', 'does not match', '*Model Alerts*'),
    ]),
  ],
  direct: true,
  action: 'Isolate the device and follow the chain to the machines it reached.',
});
