import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceCounters, parseDeviceCounters } from './device-counters.ts';

const TEXT = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 4321098   41234    0    0    0     0          0         0  4321098   41234    0    0    0     0       0          0
  eth1:98765432   87654    3    7    2     0          0         0        0       0    0    0    0     0       0          0
`;

test('what an interface received and dropped stands in the table of the kernel', () => {
  assert.deepEqual(parseDeviceCounters(TEXT, 'eth1'), {
    bytes: 98_765_432,
    packets: 87_654,
    errors: 3,
    dropped: 9,
  });
});

test('an interface that is not there has no counters', () => {
  assert.equal(parseDeviceCounters(TEXT, 'eth'), undefined);
  assert.equal(deviceCounters('nowhere0'), undefined);
});
