import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointOf, fieldsOf, tellRecord } from './record-line.ts';

test('an IPv6 end keeps its port apart', () => {
  assert.equal(endpointOf('2001:db8::1', 443), '[2001:db8::1]:443');
  assert.equal(endpointOf('10.0.0.1', 0), '10.0.0.1:0');
  assert.equal(endpointOf('10.0.0.1', undefined), '10.0.0.1');
  assert.equal(endpointOf(undefined, 80), '');
});

test('a connection tells protocol, state, bytes and length', () => {
  const hit = {
    kind: 'conn',
    ts: 0,
    proto: 'tcp',
    service: 'ssl',
    conn_state: 'SF',
    orig_bytes: 1_800_000_000,
    duration: 12_000,
  };
  assert.equal(tellRecord(hit), 'tcp  ssl  SF  ↑ 1.8 GB  12 s');
});

test('every kind tells what matters to it', () => {
  assert.equal(
    tellRecord({
      kind: 'dns',
      ts: 0,
      qtype_name: 'A',
      query: 'a.example',
      answers: ['192.0.2.1', '192.0.2.2'],
    }),
    'A  a.example  → 192.0.2.1, 192.0.2.2',
  );
  assert.equal(
    tellRecord({ kind: 'http', ts: 0, method: 'GET', host: 'h', uri: '/x', status_code: 200 }),
    'GET  h/x  200',
  );
  assert.equal(tellRecord({ kind: 'ntlm', ts: 0, username: 'kim', success: false }), 'kim  failed');
  assert.equal(
    tellRecord({ kind: 'dhcp', ts: 0, msg_types: ['DISCOVER', 'OFFER'], mac: '02:00' }),
    'DISCOVER, OFFER  02:00',
  );
  assert.equal(
    tellRecord({ kind: 'ssh', ts: 0, client: 'SSH-2.0-x', auth_success: true }),
    'SSH-2.0-x  logged in',
  );
});

test('a kind nobody described tells its first fields', () => {
  const hit = { kind: 'novel', ts: 0, uid: 'C1', source_ip: '10.0.0.1', a: 1, b: [1, 2], c: '', d: null };
  assert.equal(tellRecord(hit), 'a=1  b=1, 2');
  assert.deepEqual(
    fieldsOf(hit).map(([name]) => name),
    ['kind', 'ts', 'uid', 'source_ip', 'a', 'b'],
  );
});
