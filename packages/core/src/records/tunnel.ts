/** Tunnels: connections that carry others. Zeek's tunnel.log. */
import { category, record } from '../schema.ts';
import { head } from './head.ts';

export const tunnel = record('tunnel', 1, 'One row when a tunnel is found in use, one when it has ended.', {
  ...head,
  tunnel_type: category('What kind: Tunnel::GRE, Tunnel::VXLAN, Tunnel::TEREDO, Tunnel::HTTP and so on.', {
    zeekType: 'enum',
  }),
  action: category(
    'Tunnel::DISCOVER when the first connection inside begins, Tunnel::CLOSE when the connection around it has ended, Tunnel::EXPIRE when one without ports has long been silent.',
    { zeekType: 'enum' },
  ),
});
