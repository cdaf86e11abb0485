/** All record kinds, in the order in which docs and search list them. To add one: its file and one line here. */
import type { RecordDeclaration, RecordOf } from '../schema.ts';
import { conn, connUpdate } from './conn.ts';
import { dhcp } from './dhcp.ts';
import { dhcpv6 } from './dhcpv6.ts';
import { dnp3 } from './dnp3.ts';
import { dns } from './dns.ts';
import { files } from './files.ts';
import { ftp } from './ftp.ts';
import { http } from './http.ts';
import { irc } from './irc.ts';
import { kerberos } from './kerberos.ts';
import { ldap, ldapSearch } from './ldap.ts';
import { metric } from './metric.ts';
import { modbus } from './modbus.ts';
import { mqttConnect, mqttPublish, mqttSubscribe } from './mqtt.ts';
import { mssql } from './mssql.ts';
import { mysql } from './mysql.ts';
import { nfs } from './nfs.ts';
import { notice } from './notice.ts';
import { ntp, ntpControl, ntpPrivate } from './ntp.ts';
import { ocsp } from './ocsp.ts';
import { postgresql } from './postgresql.ts';
import { quic } from './quic.ts';
import { radius } from './radius.ts';
import { redis } from './redis.ts';
import { rfb } from './rfb.ts';
import { sip } from './sip.ts';
import { smtp } from './smtp.ts';
import { snmp } from './snmp.ts';
import { socks } from './socks.ts';
import { software } from './software.ts';
import { ssh } from './ssh.ts';
import { ssl } from './ssl.ts';
import { stun } from './stun.ts';
import { syslog } from './syslog.ts';
import { tftp } from './tftp.ts';
import { tunnel } from './tunnel.ts';
import { websocket } from './websocket.ts';
import { weird } from './weird.ts';
import { dceRpc, ntlm, rdp, smbFiles, smbMapping } from './windows.ts';
import { x509 } from './x509.ts';

export const RECORDS = [
  conn,
  connUpdate,
  dns,
  http,
  ssl,
  x509,
  kerberos,
  ssh,
  dhcp,
  files,
  smtp,
  irc,
  ftp,
  ocsp,
  dceRpc,
  smbMapping,
  smbFiles,
  ntlm,
  ldap,
  ldapSearch,
  rdp,
  mysql,
  postgresql,
  mssql,
  redis,
  mqttConnect,
  mqttPublish,
  mqttSubscribe,
  quic,
  websocket,
  rfb,
  socks,
  tftp,
  software,
  modbus,
  dnp3,
  ntp,
  ntpControl,
  ntpPrivate,
  syslog,
  snmp,
  radius,
  sip,
  stun,
  dhcpv6,
  nfs,
  notice,
  tunnel,
  weird,
  metric,
] as const;

export type Conn = RecordOf<typeof conn>;
export type ConnUpdate = RecordOf<typeof connUpdate>;
export type Dns = RecordOf<typeof dns>;
export type Http = RecordOf<typeof http>;
export type Ssl = RecordOf<typeof ssl>;
export type X509 = RecordOf<typeof x509>;
export type Kerberos = RecordOf<typeof kerberos>;
export type Ssh = RecordOf<typeof ssh>;
export type Dhcp = RecordOf<typeof dhcp>;
export type Ocsp = RecordOf<typeof ocsp>;
export type Ftp = RecordOf<typeof ftp>;
export type Irc = RecordOf<typeof irc>;
export type Smtp = RecordOf<typeof smtp>;
export type Files = RecordOf<typeof files>;
export type DceRpc = RecordOf<typeof dceRpc>;
export type SmbMapping = RecordOf<typeof smbMapping>;
export type SmbFiles = RecordOf<typeof smbFiles>;
export type Ldap = RecordOf<typeof ldap>;
export type LdapSearch = RecordOf<typeof ldapSearch>;
export type Ntlm = RecordOf<typeof ntlm>;
export type Rdp = RecordOf<typeof rdp>;
export type Mysql = RecordOf<typeof mysql>;
export type Postgresql = RecordOf<typeof postgresql>;
export type Mssql = RecordOf<typeof mssql>;
export type Redis = RecordOf<typeof redis>;
export type MqttConnect = RecordOf<typeof mqttConnect>;
export type MqttPublish = RecordOf<typeof mqttPublish>;
export type MqttSubscribe = RecordOf<typeof mqttSubscribe>;
export type Quic = RecordOf<typeof quic>;
export type Websocket = RecordOf<typeof websocket>;
export type Rfb = RecordOf<typeof rfb>;
export type Socks = RecordOf<typeof socks>;
export type Tftp = RecordOf<typeof tftp>;
export type Software = RecordOf<typeof software>;
export type Modbus = RecordOf<typeof modbus>;
export type Dnp3 = RecordOf<typeof dnp3>;
export type Ntp = RecordOf<typeof ntp>;
export type NtpControl = RecordOf<typeof ntpControl>;
export type NtpPrivate = RecordOf<typeof ntpPrivate>;
export type Syslog = RecordOf<typeof syslog>;
export type Snmp = RecordOf<typeof snmp>;
export type Radius = RecordOf<typeof radius>;
export type Sip = RecordOf<typeof sip>;
export type Stun = RecordOf<typeof stun>;
export type Dhcpv6 = RecordOf<typeof dhcpv6>;
export type Nfs = RecordOf<typeof nfs>;
export type Notice = RecordOf<typeof notice>;
export type Tunnel = RecordOf<typeof tunnel>;
export type Weird = RecordOf<typeof weird>;
export type Metric = RecordOf<typeof metric>;

/** Any record. */
export type LogRecord = RecordOf<(typeof RECORDS)[number]>;
export type RecordKind = LogRecord['kind'];

const byKind = new Map<string, RecordDeclaration>(RECORDS.map((r) => [r.kind, r]));

/** The declaration of a kind, or undefined for a kind nobody declared. */
export const declarationOf = (kind: string): RecordDeclaration | undefined => byKind.get(kind);
