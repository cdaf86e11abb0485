/** Internal downloads far above the usual (ATT&CK T1039). */
import { component, filter, model } from '../definition.ts';

export const unusualIncomingVolume = model({
  name: 'Anomalous Connection::Unusual Incoming Data Volume',
  description:
    'The device fetched far more from other devices than it usually does at this hour, on this kind of day.',
  priority: 2,
  category: 'Suspicious',
  mitre: { tactics: ['collection'], techniques: ['T1039', 'T1074.002'] },
  tags: ['AP: Egress'],
  throttle: 10_800,
  components: [
    component('internaldownloadvolume', 50_000_000, 3600, [filter('Unusual activity', '>', 99.99)]),
  ],
  action: 'See from which servers the data came, and whether a similar amount leaves the network later.',
});
