/** Many more outside endpoints than usual (ATT&CK T1071). */
import { component, filter, model } from '../definition.ts';

export const increasedExternalConnectivity = model({
  name: 'Device::Increased External Connectivity',
  description:
    'The device turned to far more outside endpoints than it usually does at this hour, on this kind of day.',
  priority: 2,
  category: 'Informational',
  mitre: { tactics: ['command-and-control'], techniques: ['T1071', 'T1046'] },
  throttle: 10_800,
  components: [component('uniqueexternalendpoints', 20, 3600, [filter('Unusual activity', '>', 99.99)])],
  action: 'Look at what the new endpoints have in common: port, country, provider.',
});
