/** Accounts and sessions listed on other machines (ATT&CK T1087.002, T1069.002, T1049). */
import { component, filter, model } from '../definition.ts';

export const accountEnumeration = model({
  name: 'Device::Account and Session Enumeration',
  description:
    'The device asked other machines for lists of accounts, groups or sessions, which hardly any other device does.',
  priority: 2,
  category: 'Suspicious',
  mitre: {
    tactics: ['discovery'],
    techniques: ['T1087.002', 'T1069.002', 'T1069.001', 'T1049', 'T1033', 'T1018'],
  },
  tags: ['AP: Internal Recon'],
  components: [
    component('adminoperations', 0, 600, [
      filter('Message', 'matches', '*enumeration'),
      filter('New connection', 'is', 'true'),
      filter('New or uncommon occurrence', '>', 50),
    ]),
  ],
  action: 'Check whether an administrator was at work; look for tools that map the domain.',
});
