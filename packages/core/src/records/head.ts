/** The columns that every record carries, in Zeek's order: when, which connection, from where, to where. */
import { addr, optional, own, port, string, time } from '../schema.ts';

export const head = {
  ts: time('When it happened: the first packet of a connection, the packet that carried a message.'),
  uid: string('Identity of the connection, shared by all its records.'),
  source_ip: addr('Address of the originator, who sent first.', { zeek: 'id.orig_h' }),
  source_port: port('Port of the originator; the type for ICMP.', { zeek: 'id.orig_p' }),
  dest_ip: addr('Address of the responder.', { zeek: 'id.resp_h' }),
  dest_port: port('Port of the responder; the code for ICMP.', { zeek: 'id.resp_p' }),
};

/** The same where Zeek's log may lack the connection (weird, notice). */
export const looseHead = {
  ts: head.ts,
  uid: optional(head.uid),
  source_ip: optional(head.source_ip),
  source_port: optional(head.source_port),
  dest_ip: optional(head.dest_ip),
  dest_port: optional(head.dest_port),
};

/** The connection of records whose Zeek log does not name it (x509, dhcp). */
export const ownConnection = {
  uid: own(optional(head.uid)),
  source_ip: own(optional(head.source_ip)),
  source_port: own(optional(head.source_port)),
  dest_ip: own(optional(head.dest_ip)),
  dest_port: own(optional(head.dest_port)),
};
