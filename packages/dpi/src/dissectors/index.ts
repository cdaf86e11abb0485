/** All dissectors, in the order in which equally good probes win. To add one: its file and one line here. */
import type { Dissector } from '../dissector.ts';
import { dceRpc } from './dce-rpc.ts';
import { dhcp } from './dhcp.ts';
import { dnp3 } from './dnp3.ts';
import { dns } from './dns.ts';
import { http } from './http.ts';
import { kerberos } from './kerberos.ts';
import { ldap } from './ldap.ts';
import { modbus } from './modbus.ts';
import { mysql } from './mysql.ts';
import { ntp } from './ntp.ts';
import { postgresql } from './postgresql.ts';
import { redis } from './redis.ts';
import { quic } from './quic.ts';
import { radius } from './radius.ts';
import { rdp } from './rdp.ts';
import { rfb } from './rfb.ts';
import { sip } from './sip.ts';
import { smb } from './smb.ts';
import { snmp } from './snmp.ts';
import { socks } from './socks.ts';
import { ssh } from './ssh.ts';
import { ssl } from './ssl.ts';
import { syslog, syslogTcp } from './syslog.ts';
import { websocket } from './websocket.ts';

export const DISSECTORS: readonly Dissector[] = [
  dns,
  dhcp,
  http,
  ssl,
  kerberos,
  dceRpc,
  ldap,
  ssh,
  quic,
  websocket,
  smb,
  rdp,
  redis,
  mysql,
  postgresql,
  socks,
  rfb,
  modbus,
  dnp3,
  ntp,
  syslog,
  syslogTcp,
  snmp,
  radius,
  sip,
];
