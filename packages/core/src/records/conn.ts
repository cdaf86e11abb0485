/** Connections. Zeek's conn.log; `conn_update` has the same columns for connections that are still open. */
import {
  bool,
  category,
  count,
  double,
  interval,
  optional,
  own,
  record,
  string,
  strings,
} from '../schema.ts';
import { head } from './head.ts';

const columns = {
  ...head,
  proto: category('Transport: tcp, udp, icmp, or unknown_transport.', { zeekType: 'enum' }),
  service: optional(category('Application protocols seen, by content, comma separated.')),
  duration: optional(interval('From the first to the last packet.')),
  orig_bytes: optional(count('Payload bytes from the originator; for TCP by sequence numbers.')),
  resp_bytes: optional(count('Payload bytes from the responder; for TCP by sequence numbers.')),
  conn_state: category("How it went, in Zeek's words: S0, SF, REJ, RSTO, OTH and so on."),
  local_orig: optional(bool('The originator lies in an internal network.')),
  local_resp: optional(bool('The responder lies in an internal network.')),
  missed_bytes: count('Bytes that the sensor did not see, from gaps in sequence numbers.'),
  history: optional(category('What happened, letter by letter, as Zeek writes it; upper case = originator.')),
  orig_pkts: optional(count('Packets from the originator.')),
  orig_ip_bytes: optional(count('Bytes from the originator, IP headers included.')),
  resp_pkts: optional(count('Packets from the responder.')),
  resp_ip_bytes: optional(count('Bytes from the responder, IP headers included.')),
  tunnel_parents: optional(
    strings('uids of the tunnels around this connection.', { zeekType: 'set[string]' }),
  ),
  ip_proto: optional(count('Number of the IP protocol.')),
  community_id: own(optional(string('Community ID 1 of the tuple, seed 0.'))),
  vlan: own(optional(count('Outer VLAN tag of the first packet.'))),
  orig_l2_addr: own(optional(category('MAC address of the first packet from the originator.'))),
  resp_l2_addr: own(optional(category('MAC address of the first packet from the responder.'))),
  fingerprint: own(
    optional(
      count('Hash of both initial sequence numbers or first payloads: joins copies from several sensors.'),
    ),
  ),
  seen_by: own(optional(double('How many sensors reported this connection.'))),
  inner_vlan: own(optional(count('Inner VLAN tag of the first packet.'))),
  vni: own(
    optional(count('Virtual network (VXLAN, GENEVE) or ERSPAN session of the first packet, 24 bits.')),
  ),
};

export const conn = record('conn', 2, 'One row per connection, written when it has ended.', columns);

export const connUpdate = record(
  'conn_update',
  2,
  'Running totals of a connection that is still open, every 60 s; feeds detection and views of ongoing traffic.',
  columns,
);
