/** Self-signed TLS at a rare place (ATT&CK T1573.002). */
import { component, filter, model } from '../definition.ts';

export const selfSigned = model({
  name: 'Anomalous Connection::Suspicious Self-Signed SSL',
  description:
    'The device repeatedly speaks TLS with a rare outside endpoint whose certificate nobody but itself vouches for.',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: ['command-and-control'], techniques: ['T1573.002', 'T1071.001'] },
  tags: ['AP: C2 Comms'],
  throttle: 86_400,
  components: [
    component(
      'sslconnections',
      1,
      3600,
      [
        filter('Self-signed certificate', 'is', 'true'),
        filter('Rare external endpoint', '>', 50),
        filter('Age of destination', '<', 1_209_600),
      ],
      { each: 'endpoint' },
    ),
  ],
  action: 'Look at the certificate: tools make theirs from stock names or leave fields empty.',
});
