/** Failures far above the usual (ATT&CK T1046). */
import { component, filter, model } from '../definition.ts';

export const failedConnections = model({
  name: 'Unusual Activity::Unusual Number of Failed Connections',
  description:
    'Far more connections of the device to internal machines fail than usually do: a slow scan, a dead server or a wrong setting.',
  priority: 1,
  category: 'Informational',
  mitre: { tactics: ['discovery'], techniques: ['T1046', 'T1018'] },
  throttle: 10_800,
  components: [component('failedinternalconnections', 30, 3600, [filter('Unusual activity', '>', 99.99)])],
  action: 'One destination points to a fault, many to a scan.',
});
