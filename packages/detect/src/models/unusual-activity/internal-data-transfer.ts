/** Internal volumes far above the usual (ATT&CK T1039). */
import { component, filter, model } from '../definition.ts';

export const internalDataTransfer = model({
  name: 'Unusual Activity::Internal Data Transfer',
  description:
    'The device put far more on other devices than it usually does at this hour, on this kind of day.',
  priority: 2,
  category: 'Informational',
  mitre: { tactics: ['collection', 'lateral-movement'], techniques: ['T1039', 'T1570', 'T1021.002'] },
  throttle: 10_800,
  components: [component('internaluploadvolume', 50_000_000, 3600, [filter('Unusual activity', '>', 99.99)])],
  action: 'See which machines received the data, and whether a backup or a roll-out explains it.',
});
