import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DceRpc, Ntlm } from '@thymus/core';
import { endpointName, interfaceOfPipe, operationName } from './dce-rpc/interfaces.ts';
import { dceRpc } from './dce-rpc.ts';
import { connection, hex, NOON, Stream, torture } from './harness.ts';

const SAMR = '78573412 3412 cdab ef00 0123456789ac';
const DRSUAPI = '354251e3 064b d111 ab04 00c04fc2dcd2';
const UNKNOWN = '11223344 5566 7788 99aa bbccddeeff00';

const u16 = (n: number): string => Buffer.of(n & 255, n >> 8).toString('hex');
type Options = { call?: number; flags?: string; auth?: string; authType?: string };

/** A packet of a kind: flags 3 say that it is not fragmented. */
function pdu(
  kind: string,
  body: string,
  { call = 1, flags = '03', auth = '', authType = '0a' }: Options = {},
): string {
  const trailer = auth === '' ? '' : `${authType}020000 00000000${auth}`;
  const held = (body + trailer).replace(/\s+/g, '');
  const length = 16 + held.length / 2;
  return `0500${kind}${flags}10000000${u16(length)}${u16(auth.replace(/\s+/g, '').length / 2)}${u16(call)}0000${held}`;
}
const context = (id: number, uuid: string): string => `${u16(id)} 01 00 ${uuid} 01000000 ${'00'.repeat(20)}`;
const bind = (contexts: string[], options = {}, kind = '0b'): string =>
  pdu(
    kind,
    `d016 d016 00000000 ${contexts.length.toString(16).padStart(2, '0')} 000000 ${contexts.join('')}`,
    options,
  );
const ack = (address: string, options = {}): string =>
  pdu(
    '0c',
    `d016 d016 01000000 ${u16(address.length + 1)} ${Buffer.from(`${address}\0`).toString('hex')} 00000000`,
    options,
  );
const request = (operation: number, { id = 0, ...options }: Options & { id?: number } = {}): string =>
  pdu('00', `00000000 ${u16(id)} ${u16(operation)} ${'00'.repeat(40)}`, options);
const response = (options = {}): string => pdu('02', `00000000 0000 0000 ${'00'.repeat(40)}`, options);
const fault = (status: string, call = 1): string =>
  pdu('03', `00000000 0000 0000 ${status} 00000000`, { call });

const NTLM_CREDENTIALS = `4e544c4d53535000 03000000 ${'0000 0000 40000000'.repeat(2)} 0000 0000 40000000 0600 0600 40000000 0000 0000 40000000 0000 0000 40000000 01000000 610062006300`;

function play(steps: string[]) {
  const told = connection({ proto: 'tcp', dest_port: 135 });
  const session = dceRpc.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) {
    streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
    told.ts += 2;
  }
  session.close?.();
  const rows = told.records.filter((record): record is DceRpc => record.kind === 'dce_rpc');
  return { ...told, rows, streams };
}

test('a call is told with its interface, its operation and how long the answer took', () => {
  const { rows, confirmed } = play([
    `>${bind([context(0, SAMR)])}`,
    `<${ack('\\PIPE\\samr')}`,
    `>${request(64)}`,
    `<${response()}`,
  ]);
  assert.deepEqual(confirmed, ['dce_rpc']);
  assert.deepEqual(rows, [
    {
      kind: 'dce_rpc',
      ts: NOON + 4,
      uid: 'C1',
      source_ip: '10.0.0.1',
      source_port: 40_000,
      dest_ip: '10.0.0.2',
      dest_port: 135,
      rtt: 2,
      named_pipe: '\\PIPE\\samr',
      endpoint: 'samr',
      operation: 'SamrConnect5',
    },
  ]);
});

test('the context of a call tells which interface is meant, one added later too', () => {
  const { rows } = play([
    `>${bind([context(0, SAMR), context(1, UNKNOWN)])}`,
    `>${bind([context(2, DRSUAPI)], {}, '0e')}`,
    `>${request(3, { id: 2, call: 1 })}${request(7, { id: 1, call: 2 })}${request(1, { id: 0, call: 3 })}`,
    `<${response({ call: 2 })}${response({ call: 1 })}`,
  ]);
  assert.deepEqual(
    rows.map(({ endpoint, operation, rtt }) => [endpoint, operation, rtt]),
    [
      ['unknown-44332211-6655-8877-99aa-bbccddeeff00', 'unknown-7', 2],
      ['drsuapi', 'DRSGetNCChanges', 2],
      ['samr', 'SamrCloseHandle', undefined],
    ],
  );
});

test('fragments make one call, and large ones need not be gathered', () => {
  const long = pdu('00', `00000000 0000 0000 ${'00'.repeat(5000)}`);
  const { rows } = play([
    `>${bind([context(0, SAMR)])}`,
    `>${request(0, { flags: '01' })}`,
    `>${long.slice(0, 60)}`,
    `>${long.slice(60)}`,
    `<${response({ flags: '01' })}${response({ flags: '02' })}`,
  ]);
  assert.deepEqual(
    rows.map(({ operation }) => operation),
    ['SamrConnect'],
  );
});

test('refused calls make no record, but say what became of the log-in', () => {
  const { records, rows } = play([
    `>${bind([context(0, SAMR)])}`,
    `>${pdu('10', '00000000', { auth: NTLM_CREDENTIALS })}`,
    `>${request(0)}`,
    `<${fault('05000000')}`,
  ]);
  assert.deepEqual(rows, []);
  const login = records.find((record): record is Ntlm => record.kind === 'ntlm');
  assert.deepEqual([login?.username, login?.success], ['abc', false]);
});

test('unusual ways to authenticate are weird', () => {
  const { weirds } = play([
    `>${bind([context(0, SAMR)], { auth: '00000000', authType: '44' })}`,
    `>${request(0, { auth: '00000000', authType: '07' })}`,
  ]);
  assert.deepEqual(weirds, ['netlogon_dce_rpc_auth_type 68', 'unknown_dce_rpc_auth_type 7']);
});

test('names are as in the specifications, pipes stand for their usual interface', () => {
  assert.equal(endpointName('367abb81-9844-35f1-ad32-98f038001003'), 'svcctl');
  assert.equal(operationName('367abb81-9844-35f1-ad32-98f038001003', 0x13), 'StartServiceW');
  assert.equal(operationName('86d35949-83c9-4044-b424-db363231fd0c', 1), 'SchRpcRegisterTask');
  assert.equal(operationName('12345778-1234-abcd-ef00-0123456789ab', 0x4d), 'LsarLookupNames4');
  assert.equal(operationName('12345778-1234-abcd-ef00-0123456789ab', 0x5e), 'CredrBackupCredentials');
  assert.equal(operationName('12345678-1234-abcd-ef00-0123456789ab', 0x68), 'RpcReportJobProcessingProgress');
  assert.equal(operationName('12345678-1234-abcd-ef00-01234567cffb', 0x31), 'NetrChainSetClientAttributes');
  assert.equal(operationName('4b324fc8-1670-01d3-1278-5a47bf6ee188', 0x39), 'NetrShareDelEx');
  assert.equal(operationName('12345778-1234-abcd-ef00-0123456789ac', 0x45), 'SamrPerformGenericOperation');
  assert.equal(operationName('9556dc99-828c-11cf-a37e-00aa003240c7', 0x18), 'ExecMethod');
  assert.equal(
    operationName('76f03f96-cdfd-44fc-a22c-64950a001209', 0x4a),
    'RpcAsyncLogJobInfoForBranchOffice',
  );
  assert.equal(operationName('9556dc99-828c-11cf-a37e-00aa003240c7', 0), 'unknown-0');
  assert.equal(interfaceOfPipe('\\PIPE\\SVCCTL'), '367abb81-9844-35f1-ad32-98f038001003');
  assert.equal(interfaceOfPipe('lsass'), undefined);
});

test('calls that are many and say little are left out', () => {
  const WINREG = '01d08c33 4422 f131 aaaa 900038001003';
  const { rows } = play([`>${bind([context(0, WINREG)])}`, `>${request(5)}`, `<${response()}`]);
  assert.deepEqual(rows, []);
});

test('what is none is refused, a gap ends it unless it was passed over', () => {
  assert.equal(play([`>${'05000b0310000000 0000 0000 01000000'}`]).streams['>'].isRefused, true);
  const session = dceRpc.open(connection({ proto: 'tcp' }));
  session.feed(hex(pdu('00', `00000000 0000 0000 ${'00'.repeat(100)}`).slice(0, 80)), true);
  session.gap?.(60, true);
  assert.equal(session.done, false);
  session.gap?.(100, true);
  assert.equal(session.done, true);
});

test('probes want the whole header to make sense', () => {
  const probe = (bytes: string) => dceRpc.probe(hex(bytes), true, 135);
  assert.equal(probe(bind([context(0, SAMR)])), 1);
  assert.equal(probe(request(1)), 0.9);
  assert.equal(probe('0500'), -1);
  assert.equal(probe('0502'), 0);
  assert.equal(probe(`050100${'ff'.repeat(20)}`), 0);
});

test('bears everything', () => {
  const samples = [
    bind([context(0, SAMR)], { auth: NTLM_CREDENTIALS }),
    ack('135'),
    request(3),
    response(),
    fault('05000000'),
  ];
  torture(dceRpc, samples.map(hex), 300);
});
