/** Files written to administrative shares of several machines (ATT&CK T1021.002). */
import { component, filter, model } from '../definition.ts';

export const hiddenShareWrites = model({
  name: 'Device::Suspicious File Writes to Hidden SMB Shares',
  description:
    'The device wrote files to shares that only administrators can open (those of drives and of the system folder).',
  priority: 4,
  category: 'Suspicious',
  mitre: { tactics: ['lateral-movement'], techniques: ['T1021.002', 'T1570'] },
  tags: ['AP: Lateral Movement'],
  components: [
    component('smbwrites', 0, 600, [
      filter('Message', 'matches', '*on administrative share*'),
      filter('New connection', 'is', 'true'),
    ]),
  ],
  direct: true,
  action: 'Ask whether software is being rolled out from this device; otherwise secure the written files.',
});
