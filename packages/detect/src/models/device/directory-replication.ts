/** Replication of the directory by a machine that is no controller: DCSync (ATT&CK T1003.006). */
import { component, filter, model } from '../definition.ts';

export const directoryReplication = model({
  name: 'Device::Directory Replication from Non-Controller',
  description:
    'The device asked a domain controller for the replication of directory objects, as controllers do among themselves. From any other machine this is how password hashes of the whole domain are stolen.',
  priority: 5,
  category: 'Critical',
  behaviour: 'flat',
  mitre: { tactics: ['credential-access'], techniques: ['T1003.006'] },
  tags: ['AP: Tooling'],
  components: [
    component('adminoperations', 0, 60, [
      filter('Message', 'is', 'directory replication'),
      filter('Direction', 'is', 'out'),
      filter('Answers Kerberos', 'is', 'false'),
    ]),
  ],
  direct: true,
  action:
    'Unless the device is a domain controller or a directory synchronisation server: isolate it and reset the krbtgt and administrator passwords.',
});
