/** Programs copied over SMB and then started (ATT&CK T1570, T1021.002). */
import { component, filter, model } from '../definition.ts';

export const smbLateralMovement = model({
  name: 'Device::SMB Lateral Movement',
  description:
    'The device wrote a program to another machine over SMB and shortly after asked the same machine to run something: a service, a task or a WMI method.',
  priority: 4,
  category: 'Critical',
  mitre: { tactics: ['lateral-movement', 'execution'], techniques: ['T1021.002', 'T1570', 'T1569.002'] },
  tags: ['AP: Lateral Movement'],
  components: [
    component('smbwrites', 0, 60, [filter('Message', 'matches', 'write program*')]),
    component('adminoperations', 0, 60, [
      filter(
        'Message',
        'matches regular expression',
        '^(service (creation|control)|scheduled task|WMI execution)$',
      ),
    ]),
  ],
  interval: 900,
  sequenced: true,
  sharedEndpoints: true,
  direct: true,
  action:
    'Fetch the program from the target and look at what it started; look for the same write on other machines.',
});
