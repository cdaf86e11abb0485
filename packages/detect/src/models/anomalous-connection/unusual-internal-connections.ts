/** Many internal destinations that are new (ATT&CK T1046, T1021). */
import { component, filter, model } from '../definition.ts';

export const unusualInternalConnections = model({
  name: 'Anomalous Connection::Unusual Internal Connections',
  description:
    'The device turned to far more internal machines and services that it never used before than it usually does.',
  priority: 2,
  category: 'Suspicious',
  mitre: { tactics: ['discovery', 'lateral-movement'], techniques: ['T1046', 'T1021', 'T1018'] },
  tags: ['AP: Internal Recon'],
  throttle: 10_800,
  components: [component('newinternalconnections', 10, 3600, [filter('Unusual activity', '>', 99.99)])],
  action: 'Look at what the new destinations have in common, and at who is logged in on the device.',
});
