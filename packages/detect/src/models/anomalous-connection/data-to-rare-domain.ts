/** Uploads to a rare place (ATT&CK T1041, T1567). */
import { component, filter, model } from '../definition.ts';

export const dataToRareDomain = model({
  name: 'Anomalous Connection::Data Sent to Rare Domain',
  description:
    'The device sent much more than it received to an outside endpoint that hardly anybody else in the network uses: 10 MB or more within an hour.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['exfiltration'], techniques: ['T1041', 'T1567', 'T1048'] },
  tags: ['AP: Egress'],
  components: [
    component(
      'externalclientdatatransfervolume',
      10_000_000,
      3600,
      [
        filter('Rare external endpoint', '>', 95),
        filter('Data ratio', '>', 80),
        filter('Trusted hostname', 'is not', 'true'),
        filter('Age of destination', '<', 1_209_600),
      ],
      { each: 'endpoint' },
    ),
  ],
  action:
    'Ask what was sent: a backup and a theft look alike on the wire. The endpoint and the hour tell more.',
});
