/** Tasks created on other machines (ATT&CK T1053.005). */
import { component, filter, model } from '../definition.ts';

export const scheduledTask = model({
  name: 'Device::AT Service Scheduled Task',
  description:
    'The device created or ran a scheduled task on another machine, on which it had not done so before and which hardly any other device does.',
  priority: 4,
  category: 'Suspicious',
  mitre: { tactics: ['execution', 'persistence'], techniques: ['T1053.005', 'T1053.002'] },
  tags: ['AP: Lateral Movement'],
  components: [
    component('adminoperations', 0, 60, [
      filter('Message', 'is', 'scheduled task'),
      filter('New connection', 'is', 'true'),
      filter('New or uncommon occurrence', '>', 50),
    ]),
  ],
  direct: true,
  action: 'Read the task on the target: what it runs, as whom, and who created it.',
});
