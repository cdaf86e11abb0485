import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DceRpc } from '@thymus/core';
import { NOON } from '../harness.ts';
import { nameCall } from './interfaces.ts';

const call = (endpoint: string | undefined, operation: string | undefined): DceRpc => ({
  kind: 'dce_rpc',
  ts: NOON,
  uid: 'C1',
  source_ip: '10.0.0.1',
  source_port: 1,
  dest_ip: '10.0.0.2',
  dest_port: 135,
  ...(endpoint === undefined ? {} : { endpoint }),
  ...(operation === undefined ? {} : { operation }),
});

const named = (endpoint?: string, operation?: string) => {
  const record = call(endpoint, operation);
  return [nameCall(record), record.endpoint, record.operation];
};

const SVCCTL = 'unknown-367abb81-9844-35f1-ad32-98f038001003';

test('a call that was told by numbers gets its names', () => {
  assert.deepEqual(named(SVCCTL, 'unknown-15'), [true, 'svcctl', 'OpenSCManagerW']);
  assert.deepEqual(named(SVCCTL, 'unknown-999'), [true, 'svcctl', 'unknown-999']);
});

test('what has names, or is not known, stays as it is', () => {
  assert.deepEqual(named('svcctl', 'OpenSCManagerW'), [true, 'svcctl', 'OpenSCManagerW']);
  assert.deepEqual(named('unknown-1234', 'unknown-1'), [true, 'unknown-1234', 'unknown-1']);
  assert.deepEqual(named(undefined, 'unknown-1'), [true, undefined, 'unknown-1']);
});

test('calls that say little are left out, as of captures', () => {
  assert.equal(nameCall(call('winreg', 'BaseRegCloseKey')), false);
});
