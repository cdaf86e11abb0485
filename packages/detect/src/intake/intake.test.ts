import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogRecord } from '@thymus/core';
import { Detector } from '../engine.ts';
import {
  conn,
  DESK,
  dns,
  OUTSIDE,
  options,
  REFERENCE,
  rpc,
  run,
  SERVER,
  START,
  share,
  smbWrite,
  ssl,
  times,
} from '../fixtures/records.ts';
import type { Filter, Model } from '../model.ts';
import { component, filter, model } from '../models/definition.ts';
import { MODELS } from '../models/index.ts';
import { operationOf } from './admin-operations.ts';

const ENDS = { uid: 'Cx', source_ip: DESK, source_port: 1, dest_ip: SERVER, dest_port: 445 };

/** What filters see: breaches of a model that shows values of a metric's observations. */
function seen(
  metric: string,
  types: readonly string[],
  records: readonly LogRecord[],
): (string | number)[][] {
  const filters = types.map((type): Filter => filter(type, 'display', ''));
  const watch: Model = model({
    name: 'Device::Watch',
    description: 'x',
    priority: 1,
    category: 'Informational',
    mitre: { tactics: [], techniques: [] },
    components: [component(metric, 0, 60, filters)],
    throttle: 0,
    direct: true,
    action: 'x',
  });
  return run(records, [watch]).breaches.map((b) => b.components[0]!.filters.map((f) => f.value));
}

test('a certificate that vouches for itself is seen whichever record tells it', () => {
  const x509: LogRecord = {
    kind: 'x509',
    ts: START,
    fingerprint: 'f1',
    certificate_version: 3,
    certificate_serial: '1',
    certificate_subject: 'CN=a',
    certificate_issuer: 'CN=a',
    certificate_not_valid_before: START,
    certificate_not_valid_after: START,
    certificate_key_alg: 'rsa',
    certificate_sig_alg: 'rsa',
    host_cert: true,
    client_cert: false,
  };
  const records = [
    x509,
    ssl(START + 1, DESK, OUTSIDE, { cert_chain_fps: ['f1'] }),
    ssl(START + 2, DESK, OUTSIDE, { subject: 'CN=b', issuer: 'CN=b' }),
    ssl(START + 3, DESK, OUTSIDE, { self_signed: true }),
    ssl(START + 4, DESK, OUTSIDE, { subject: 'CN=b', issuer: 'CN=c' }),
    ssl(START + 5, DESK, OUTSIDE, { cert_chain_fps: ['f2'] }),
  ];
  const values = seen('sslconnections', ['Self-signed certificate'], records).flat();
  assert.deepEqual(values, ['true', 'true', 'true', 'false', 'false']);
});

test('the name of a handshake is the name of its connection, an address is no name', () => {
  const hello = ssl(START, DESK, OUTSIDE, { server_name: 'Shop.Example.COM', ja3: 'abc' });
  const bare = ssl(START, DESK, OUTSIDE, { server_name: OUTSIDE });
  const records = [hello, bare].map(
    (h): LogRecord => ({ ...conn(START + 1, DESK, OUTSIDE, 443), uid: h.uid }),
  );
  const types = ['Connection hostname', 'Destination IP', 'JA3 hash', 'Country', 'ASN'];
  assert.deepEqual(seen('externalconnections', types, [hello, bare, ...records]), [
    ['shop.example.com', OUTSIDE, 'abc', 'ZZ', 'AS64500 EXAMPLE-NET'],
    ['none', OUTSIDE, 'none', 'ZZ', 'AS64500 EXAMPLE-NET'],
  ]);
});

test('SSH log-ins that failed, and NTLM ones, are failed log-ins', () => {
  const ssh: LogRecord = {
    kind: 'ssh',
    ts: START,
    ...ENDS,
    dest_port: 22,
    auth_attempts: 3,
    auth_success: false,
  };
  const right: LogRecord = { ...ssh, auth_success: true };
  assert.deepEqual(seen('failedlogins', ['Message'], [ssh, right]), [['ssh']]);
});

test('a remote desktop client tells its name', () => {
  const detector = new Detector(options([]));
  const rdp: LogRecord = { kind: 'rdp', ts: START, ...ENDS, client_name: 'WS-17', cert_count: 0 };
  detector.observe(rdp, 's');
  assert.equal(detector.drain().devices[0]?.hostname, 'ws-17');
});

test('remote calls that administer are named by what they do, binds and reads are not', () => {
  assert.equal(operationOf('drsuapi', 'DRSGetNCChanges'), 'directory replication');
  assert.equal(operationOf('svcctl', 'CreateServiceW'), 'service creation');
  assert.equal(operationOf('ITaskSchedulerService', 'SchRpcRegisterTask'), 'scheduled task');
  assert.equal(operationOf('IWbemServices', 'ExecMethod'), 'WMI execution');
  for (const harmless of ['DRSBind', 'DRSCrackNames', undefined])
    assert.equal(operationOf('drsuapi', harmless), '');
  assert.equal(operationOf('lsarpc', 'LsarOpenPolicy2'), '');
});

test('shares of administrators are told from others', () => {
  const paths = ['\\\\a\\IPC$', '\\\\a\\sysvol', '\\\\a\\ADMIN$', '\\\\b\\c$'];
  const records = paths.map((path, i) => share(START + i, DESK, SERVER, path));
  assert.deepEqual(seen('adminoperations', ['Message', 'New connection'], records), [
    ['administrative share', 'true'],
    ['administrative share', 'false'],
  ]);
});

test('only changes of files count, and programs are named as such', () => {
  const read: LogRecord = { ...smbWrite(START, DESK, SERVER, '\\\\a\\d', 'x.exe'), action: 'SMB::FILE_OPEN' };
  const records = [
    read,
    smbWrite(START + 1, DESK, SERVER, '\\\\a\\docs', 'x.docx'),
    smbWrite(START + 2, DESK, SERVER, '\\\\a\\C$', 'run.PS1'),
  ];
  assert.deepEqual(seen('smbwrites', ['Message'], records).flat(), [
    'write file on share: \\\\a\\docs\\x.docx',
    'write program on administrative share: \\\\a\\C$\\run.PS1',
  ]);
});

test('what a device has done for more than a day is half as uncommon on a new target', () => {
  const records = times(3, (day) =>
    rpc(START + day * 86_400_001, DESK, `10.0.3.${day + 1}`, 'svcctl', 'StartServiceW'),
  );
  const values = seen('adminoperations', ['New connection', 'New or uncommon occurrence'], records);
  assert.deepEqual(values, [
    ['true', 100],
    ['true', 50],
    ['true', 50],
  ]);
});

test('raw bytes in names do not hide the domain below which they lie', () => {
  const strict = (host: string): string =>
    /^[a-z0-9.-]+$/.test(host) ? host.split('.').slice(-2).join('.') : host;
  const models = MODELS.filter((m) => m.name === 'Compromise::DNS Tunnel');
  const detector = new Detector({ ...options(models), reference: { ...REFERENCE, domain: strict } });
  for (let i = 0; i < 300; i++) {
    detector.observe(
      dns(START + i * 100, DESK, `z${i}\\xd0\\xd1\\xd2abcdefghijk${i}.www.tunnel.example`),
      's',
    );
  }
  assert.equal(detector.drain().breaches[0]?.components[0]?.evidence.endpoint, 'tunnel.example');
});
