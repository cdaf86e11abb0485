/** Which record teaches what. To read another kind: its file and one line here. */
import type { LogRecord } from '@thymus/core';
import { type Ends, takeConn } from './conn.ts';
import { takeDhcp } from './dhcp.ts';
import { takeDns } from './dns.ts';
import type { Intake } from './intake.ts';
import { takeSsh } from './ssh.ts';
import { takeHttp, takeSsl, takeX509 } from './web.ts';
import { takeDceRpc, takeKerberos, takeNtlm, takeRdp, takeSmbFiles, takeSmbMapping } from './windows.ts';

/** Learns from a record and says which devices stand at its ends. */
export function take(record: LogRecord, intake: Intake): Ends {
  switch (record.kind) {
    case 'conn':
    case 'conn_update':
      return takeConn(record, intake);
    case 'dns':
      return takeDns(record, intake);
    case 'http':
      return takeHttp(record, intake);
    case 'ssl':
      return takeSsl(record, intake);
    case 'ssh':
      return takeSsh(record, intake);
    case 'kerberos':
      return takeKerberos(record, intake);
    case 'ntlm':
      return takeNtlm(record, intake);
    case 'rdp':
      return takeRdp(record, intake);
    case 'dce_rpc':
      return takeDceRpc(record, intake);
    case 'smb_mapping':
      return takeSmbMapping(record, intake);
    case 'smb_files':
      return takeSmbFiles(record, intake);
    case 'dhcp':
      return takeDhcp(record, intake);
    case 'x509':
      takeX509(record, intake);
      return knownEnds(record, intake);
    default:
      return knownEnds(record, intake);
  }
}

/** Whoever is known to use the addresses; nobody is made up. */
function knownEnds(record: LogRecord, intake: Intake): Ends {
  const { tracker } = intake.world;
  if (!('source_ip' in record)) return { source: undefined, dest: undefined };
  return {
    source: record.source_ip ? tracker.at(record.source_ip) : undefined,
    dest: record.dest_ip ? tracker.at(record.dest_ip) : undefined,
  };
}
