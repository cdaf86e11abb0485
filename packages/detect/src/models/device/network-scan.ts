/** Scans over hosts (ATT&CK T1046, T1018). */
import { component, filter, model } from '../definition.ts';

export const networkScan = model({
  name: 'Device::Network Scan',
  description:
    'The device turns to internal addresses one after the other: either most of them do not answer, by a sequential test over first contacts, or it pings more than ten new ones within a minute. A user with a few dead links does neither.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['discovery'], techniques: ['T1046', 'T1018'] },
  tags: ['AP: Internal Recon'],
  targetScore: 1,
  components: [
    component('hostscan', 5, 3600, [filter('Direction', 'is', 'out')], { weight: 1 }),
    component('pingedhosts', 10, 60, [filter('Direction', 'is', 'out')], { weight: 1 }),
  ],
  direct: true,
  action:
    'Look at which addresses and ports were tried, and whether this is a known inventory or monitoring host; tag it if so.',
});
