import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineOptions, internalRanges, loadApplianceConfig, networkScope, parseListen } from './config.ts';

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
