/** The columns with which every record of a connection begins. */
import type { Connection } from '../dissector.ts';

export const headOf = ({ ts, uid, source_ip, source_port, dest_ip, dest_port }: Connection) => ({
  ts,
  uid,
  source_ip,
  source_port,
  dest_ip,
  dest_port,
});
