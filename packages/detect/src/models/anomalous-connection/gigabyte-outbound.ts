/** Meta: 1 GiB sent out by a device that does not do that, to a rare place (ATT&CK T1041, T1567). */
import { component, filter, model } from '../definition.ts';

export const uncommonGigabyteOutbound = model({
  name: 'Anomalous Connection::Uncommon 1 GiB Outbound',
  description:
    'The device sent 1 GiB or more to one outside endpoint within an hour, which hardly any device in this network does.',
  priority: 2,
  category: 'Suspicious',
  mitre: { tactics: ['exfiltration'], techniques: ['T1041', 'T1567'] },
  tags: ['AP: Egress'],
  throttle: 86_400,
  components: [
    component('dtmodelbreach', 0, 60, [
      filter('Message', 'is', 'Device / Anomaly Indicators / 1 GiB Outbound'),
      filter('New or uncommon occurrence', '>', 95),
    ]),
  ],
  action: 'Ask what was sent and to whom the endpoint belongs.',
});
