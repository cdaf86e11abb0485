/** Uploads far above the usual (ATT&CK T1041). */
import { component, filter, model } from '../definition.ts';

export const externalDataTransfer = model({
  name: 'Unusual Activity::Unusual External Data Transfer',
  description:
    'The device sent far more to the outside than it usually does at this hour, on this kind of day, and several times what devices of its type send in their largest hours. Places that many devices use do not count.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['exfiltration'], techniques: ['T1041', 'T1048'] },
  tags: ['AP: Egress'],
  throttle: 10_800,
  components: [
    component('externalclientdatatransfervolume', 20_000_000, 3600, [
      filter('Unusual activity', '>', 99.99),
      filter('Peer ratio', '>', 4),
      filter('Rare external endpoint', '>', 10),
    ]),
  ],
  action: 'See where the data went, and whether it was fetched from servers shortly before.',
});
