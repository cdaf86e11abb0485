/** Looks at the records that dissectors emit and tells what follows from them: software in use, and notices. */
import { type LogRecord, NetworkScope, parseRange } from '@thymus/core';
import type { Emit } from '../face.ts';
import { Notices } from './notices.ts';
import { SoftwareSeen } from './software.ts';

/** Software versions of SSH stand behind the version of the protocol. */
const SSH_VERSION = /^SSH-[\d.]+-/;

class Findings {
  readonly #scope: NetworkScope;
  readonly #software: SoftwareSeen;
  readonly #notices: Notices;

  constructor(emit: Emit, internal: readonly string[] | undefined) {
    const ranges = internal?.map((text) => parseRange(text)).filter((range) => range !== undefined);
    this.#scope = new NetworkScope(ranges);
    this.#software = new SoftwareSeen(emit);
    this.#notices = new Notices(emit);
  }

  look(record: LogRecord): void {
    switch (record.kind) {
      case 'http':
      case 'smtp':
        this.#client(
          record,
          record.user_agent,
          record.kind === 'http' ? 'HTTP::BROWSER' : 'SMTP::MAIL_CLIENT',
        );
        if (record.kind === 'http') this.#server(record, record.server, 'HTTP::SERVER');
        break;
      case 'ssh':
        this.#client(record, record.client?.replace(SSH_VERSION, ''), 'SSH::CLIENT');
        this.#server(record, record.server?.replace(SSH_VERSION, ''), 'SSH::SERVER');
        this.#notices.login(record);
        break;
      case 'dhcp': {
        const host = record.assigned_addr ?? record.client_addr;
        if (host !== undefined)
          this.#client(
            { ts: record.ts, uid: record.uid, source_ip: host },
            record.vendor_class,
            'DHCP::CLIENT',
          );
        break;
      }
      case 'x509':
        if (record.host_cert && !record.client_cert) this.#notices.certificate(record);
        break;
      case 'ssl':
        this.#notices.handshake(record);
        break;
      default:
    }
  }

  #client(
    { ts, uid, source_ip: host }: { ts: number; uid: string | undefined; source_ip: string },
    text: string | undefined,
    software_type: string,
  ): void {
    if (!text || !this.#scope.isInternal(host) || !this.#software.isNew(host, text)) return;
    this.#software.tell({ ts, uid, host, software_type }, text);
  }

  #server(
    {
      ts,
      uid,
      dest_ip: host,
      dest_port: host_p,
    }: { ts: number; uid: string; dest_ip: string; dest_port: number },
    text: string | undefined,
    software_type: string,
  ): void {
    if (!text || !this.#scope.isInternal(host) || !this.#software.isNew(host, text)) return;
    this.#software.tell({ ts, uid, host, host_p, software_type }, text);
  }
}

/** Passes records on, and what was found out by them behind. `internal` as in `EngineOptions`. */
export function withFindings(emit: Emit, internal: readonly string[] | undefined): Emit {
  const findings = new Findings(emit, internal);
  return (record) => {
    emit(record);
    findings.look(record);
  };
}
