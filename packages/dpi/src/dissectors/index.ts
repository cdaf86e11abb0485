/** All dissectors, in the order in which equally good probes win. To add one: its file and one line here. */
import type { Dissector } from '../dissector.ts';
import { bacnet } from './bacnet.ts';
import { bittorrent } from './bittorrent.ts';
import { dceRpc } from './dce-rpc.ts';
import { dhcp } from './dhcp.ts';
import { dhcpv6 } from './dhcpv6.ts';
import { dnp3 } from './dnp3.ts';
import { dns } from './dns.ts';
import { enip } from './enip.ts';
import { finger } from './finger.ts';
import { ftpData, ircData } from './ftp/data.ts';
import { ftp } from './ftp.ts';
import { http } from './http.ts';
import { http2 } from './http2.ts';
import { ike } from './ike.ts';
import { irc } from './irc.ts';
import { kerberos } from './kerberos.ts';
import { ldap } from './ldap.ts';
import { imap, pop3 } from './mailbox.ts';
import { modbus } from './modbus.ts';
import { mongodb } from './mongodb.ts';
import { mqtt } from './mqtt.ts';
import { mssql } from './mssql.ts';
import { mysql } from './mysql.ts';
import { nfs } from './nfs.ts';
import { ntp } from './ntp.ts';
import { opcUa } from './opc-ua.ts';
import { openvpn } from './openvpn.ts';
import { oracle } from './oracle.ts';
import { postgresql } from './postgresql.ts';
import { quic } from './quic.ts';
import { radius } from './radius.ts';
import { rdp } from './rdp.ts';
import { rdpeudp } from './rdpeudp.ts';
import { redis } from './redis.ts';
import { rfb } from './rfb.ts';
import { rlogin } from './rlogin.ts';
import { s7comm } from './s7comm.ts';
import { sip } from './sip.ts';
import { smb } from './smb.ts';
import { smtp } from './smtp.ts';
import { snmp } from './snmp.ts';
import { socks } from './socks.ts';
import { ssh } from './ssh.ts';
import { ssl } from './ssl.ts';
import { stun } from './stun.ts';
import { syslog, syslogTcp } from './syslog.ts';
import { telnet } from './telnet.ts';
import { tftp } from './tftp.ts';
import { websocket } from './websocket.ts';
import { whois } from './whois.ts';
import { wireguard } from './wireguard.ts';
import { xmpp } from './xmpp.ts';

export const DISSECTORS: readonly Dissector[] = [
  dns,
  dhcp,
  http,
  http2,
  ssl,
  kerberos,
  dceRpc,
  ldap,
  ssh,
  smtp,
  ftp,
  ftpData,
  irc,
  pop3,
  imap,
  ircData,
  quic,
  websocket,
  smb,
  rdp,
  mysql,
  mssql,
  postgresql,
  redis,
  mqtt,
  oracle,
  mongodb,
  socks,
  rfb,
  rdpeudp,
  xmpp,
  telnet,
  rlogin,
  tftp,
  bittorrent,
  wireguard,
  openvpn,
  finger,
  whois,
  modbus,
  dnp3,
  ntp,
  syslog,
  syslogTcp,
  snmp,
  radius,
  sip,
  stun,
  dhcpv6,
  ike,
  bacnet,
  enip,
  opcUa,
  s7comm,
  nfs,
];
