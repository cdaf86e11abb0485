/** Scans over the ports of one host (ATT&CK T1046). */
import { component, filter, model } from '../definition.ts';

export const portScan = model({
  name: 'Device::Port Scan',
  description:
    'The device tries many ports of one host and most are closed or silent. The host may be inside or outside.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['discovery', 'reconnaissance'], techniques: ['T1046', 'T1595'] },
  tags: ['AP: Internal Recon'],
  components: [component('portscan', 5, 3600, [filter('Direction', 'is', 'out')], { each: 'endpoint' })],
  direct: true,
  action: 'Look at which ports answered, and at what was done with them afterwards.',
});
