/** TLS handshakes with the outside. */
import type { MetricDefinition } from './definition.ts';

export const tlsConnections: MetricDefinition = {
  mlid: 1015,
  name: 'sslconnections',
  label: 'TLS Connections',
  units: '',
  doc: 'TLS handshakes with the outside.',
  on: 'handshake',
  measure: (o) => (o.outgoing && o.external ? 1 : 0),
  baseline: false,
};
