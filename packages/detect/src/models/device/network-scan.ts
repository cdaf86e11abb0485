/** Scans over hosts (ATT&CK T1046, T1018). */
import { component, filter, model } from '../definition.ts';

export const networkScan = model({
  name: 'Device::Network Scan',
  description:
    'The device turns to internal addresses one after the other and most of them do not answer. A sequential test over first contacts decides, so that a user with a few dead links is no scanner.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['discovery'], techniques: ['T1046', 'T1018'] },
  tags: ['AP: Internal Recon'],
  components: [component('hostscan', 5, 3600, [filter('Direction', 'is', 'out')])],
  direct: true,
  action:
    'Look at which addresses and ports were tried, and whether this is a known inventory or monitoring host; tag it if so.',
});
