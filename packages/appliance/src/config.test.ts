import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  captureInterfaces,
  engineOptions,
  excludedRanges,
  internalRanges,
  loadApplianceConfig,
  networkScope,
  parseListen,
} from './config.ts';

const load = (flags: Record<string, unknown>) => loadApplianceConfig({ flags });

test('without settings, all private space is internal and nothing is captured', () => {
  const config = load({});
  assert.equal(config.capture_interface, '');
  assert.ok(networkScope(config).isInternal('192.168.1.1'));
  assert.deepEqual(engineOptions(config).checksums, 'ignore');
});

test('configured networks replace private space', () => {
  const config = load({ internal_networks: '147.32.0.0/16,2001:db8::/32' });
  assert.deepEqual(
    internalRanges(config).map(({ text }) => text),
    ['147.32.0.0/16', '2001:db8::/32'],
  );
  assert.ok(!networkScope(config).isInternal('192.168.1.1'));
  assert.deepEqual(engineOptions(config).internal, ['147.32.0.0/16', '2001:db8::/32']);
});

test('networks, zones and addresses that cannot be are refused with what was expected', () => {
  assert.throws(() => load({ internal_networks: '10.0.0.0/40' }), {
    code: 'BAD_CONFIG',
    message: /10\.0\.0\.0\/40/,
  });
  assert.throws(() => load({ time_zone: 'Mars/Olympus' }), { code: 'BAD_CONFIG', message: /IANA/ });
  for (const listen of ['8443', 'host', 'host:70000', ':1', '[::1]8443']) {
    assert.throws(() => load({ listen }), { code: 'BAD_CONFIG', message: /HOST:PORT/ }, listen);
  }
});

test('an address to listen on may be IPv6', () => {
  assert.deepEqual(parseListen('[::1]:8443'), { host: '::1', port: 8443 });
  assert.deepEqual(parseListen('0.0.0.0:443'), { host: '0.0.0.0', port: 443 });
});

test('interfaces are given by comma, at most eight with the mirrors', () => {
  const load = (flags: Record<string, unknown>) => loadApplianceConfig({ flags });
  assert.deepEqual(captureInterfaces(load({ capture_interface: 'eth1, eth2' })), ['eth1', 'eth2']);
  assert.deepEqual(captureInterfaces(load({})), []);
  assert.throws(
    () => load({ capture_interface: 'a,b,c,d,e,f,g,h', mirror_listen: '0.0.0.0:4789' }),
    /at most 8 in all/,
  );
});

test('excluded networks and mirrors that cannot be are refused', () => {
  const load = (flags: Record<string, unknown>) => loadApplianceConfig({ flags });
  assert.equal(excludedRanges(load({ exclude_networks: '10.9.0.0/16,10.8.0.1' })).length, 2);
  assert.throws(() => load({ exclude_networks: 'guests' }), /exclude_networks: expected networks/);
  assert.throws(() => load({ packet_ring_mb: 3 }), /packet_ring_mb: expected 0 or at least 9/);
  assert.throws(() => load({ mirror_listen: '4789' }), /mirror_listen: expected HOST:PORT/);
});
