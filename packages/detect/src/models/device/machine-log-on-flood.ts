/** Floods of machine log-ons against a controller (ATT&CK T1210, CVE-2020-1472). */
import { component, filter, model } from '../definition.ts';

export const machineLogOnFlood = model({
  name: 'Device::Machine Log-on Flood',
  description:
    'The device tries to authenticate as a machine against a controller many times within minutes. A machine does that a few times a day; guessing a log-on that was broken by a zeroed challenge takes hundreds of tries.',
  priority: 5,
  category: 'Critical',
  behaviour: 'flat',
  mitre: { tactics: ['lateral-movement', 'privilege-escalation'], techniques: ['T1210', 'T1068'] },
  tags: ['AP: Tooling'],
  components: [
    component('adminoperations', 30, 300, [filter('Message', 'is', 'machine log-on')], { each: 'endpoint' }),
  ],
  direct: true,
  action: 'Check the patch level of the controller and whether its machine password was changed.',
});
