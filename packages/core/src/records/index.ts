/** All record kinds, in the order in which docs and search list them. To add one: its file and one line here. */
import type { RecordDeclaration, RecordOf } from '../schema.ts';
import { conn, connUpdate } from './conn.ts';
import { dhcp } from './dhcp.ts';
import { dns } from './dns.ts';
import { files } from './files.ts';
import { http } from './http.ts';
import { kerberos } from './kerberos.ts';
import { metric } from './metric.ts';
import { mqttConnect, mqttPublish, mqttSubscribe } from './mqtt.ts';
import { mssql } from './mssql.ts';
import { mysql } from './mysql.ts';
import { notice } from './notice.ts';
import { postgresql } from './postgresql.ts';
import { quic } from './quic.ts';
import { redis } from './redis.ts';
import { rfb } from './rfb.ts';
import { socks } from './socks.ts';
import { software } from './software.ts';
import { ssh } from './ssh.ts';
import { ssl } from './ssl.ts';
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
  dceRpc,
  smbMapping,
  smbFiles,
  ntlm,
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
export type Files = RecordOf<typeof files>;
export type DceRpc = RecordOf<typeof dceRpc>;
export type SmbMapping = RecordOf<typeof smbMapping>;
export type SmbFiles = RecordOf<typeof smbFiles>;
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
