/** Windows services used across the border (ATT&CK T1187, T1048). */
import { component, filter, model } from '../definition.ts';

export const externalWindows = model({
  name: 'Compliance::External Windows Communications',
  description:
    'The device turned to an outside address with a protocol of Windows networks (file shares, name service, remote calls, directory). Such traffic gives away password hashes and belongs behind the border.',
  priority: 2,
  category: 'Informational',
  compliance: true,
  mitre: { tactics: ['credential-access', 'exfiltration'], techniques: ['T1187', 'T1048'] },
  throttle: 86_400,
  components: [
    component('externalconnections', 0, 3600, [
      filter('Destination port', 'matches regular expression', '^(135|139|389|445|3268)$'),
      filter('Protocol', 'is', 'tcp'),
    ]),
  ],
  direct: true,
  action: 'Close these ports at the border.',
});
