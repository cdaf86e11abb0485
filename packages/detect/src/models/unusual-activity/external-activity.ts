/** Connections to the outside far above the usual (ATT&CK T1071). */
import { component, filter, model } from '../definition.ts';

export const externalActivity = model({
  name: 'Unusual Activity::Unusual External Activity',
  description:
    'The device opened far more connections to the outside than it usually does at this hour, on this kind of day.',
  priority: 2,
  category: 'Informational',
  mitre: { tactics: ['command-and-control'], techniques: ['T1071'] },
  throttle: 10_800,
  components: [component('externalconnections', 100, 3600, [filter('Unusual activity', '>', 99.99)])],
  action: 'Look at which endpoints account for the growth.',
});
