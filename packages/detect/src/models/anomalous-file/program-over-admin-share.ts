/** Programs and scripts written to other machines (ATT&CK T1570, T1021.002). */
import { component, filter, model } from '../definition.ts';

export const programOverAdminShare = model({
  name: 'Anomalous File::Internal::Program Written over SMB',
  description:
    'The device wrote a program or script to another machine over SMB, to a share it had not used before.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['lateral-movement'], techniques: ['T1570', 'T1021.002', 'T1105'] },
  tags: ['AP: Lateral Movement', 'AP: Tooling'],
  components: [
    component('smbwrites', 0, 60, [
      filter('Message', 'matches', 'write program*'),
      filter('New or uncommon occurrence', '>', 50),
    ]),
  ],
  action: 'Secure the file from the target and look at what ran it.',
});
