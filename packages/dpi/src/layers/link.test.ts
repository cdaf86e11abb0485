import assert from 'node:assert/strict';
import test from 'node:test';
import { findNetworkLayer, IPV4, IPV6 } from './link.ts';
import { Packet } from './packet.ts';

const V4 = '45000014';
const V6 = '60000000';

/** The packet after its link layer, written as hexadecimal, was read. */
function read(linktype: number, hex: string): Packet {
  const p = new Packet();
  p.bytes = new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
  p.end = p.bytes.length;
  findNetworkLayer(p, 0, linktype);
  return p;
}

/** What stands at the network layer: four bytes are enough to know it. */
const network = (p: Packet): string => Buffer.from(p.bytes.subarray(p.netAt, p.netAt + 4)).toString('hex');

const MACS = '020000000002 020000000001';

const FOUND: readonly (readonly [what: string, linktype: number, hex: string])[] = [
  ['Ethernet', 1, `${MACS} 0800 ${V4}`],
  ['VLAN', 1, `${MACS} 8100 000a 0800 ${V4}`],
  ['Q-in-Q', 1, `${MACS} 88a8 000a 8100 000b 0800 ${V4}`],
  ['VN-Tag', 1, `${MACS} 8926 00000000 8100 000a 0800 ${V4}`],
  ['802.1ah', 1, `${MACS} 88e7 00000000 ${MACS} 0800 ${V4}`],
  ['FabricPath', 1, `${MACS} 8903 0000 ${MACS} 0800 ${V4}`],
  ['MPLS', 1, `${MACS} 8847 00001000 00001100 ${V4}`],
  ['Ethernet in MPLS', 1, `${MACS} 8847 00001100 00000000 ${MACS} 0800 ${V4}`],
  ['Ethernet with a VLAN in MPLS', 1, `${MACS} 8847 00001100 00000000 ${MACS} 8100 000a 0800 ${V4}`],
  ['MPLS without Ethernet', 219, `00001100 ${V4}`],
  ['PPPoE', 1, `${MACS} 8864 11000000 0016 0021 ${V4}`],
  ['MPLS in PPP', 9, `0281 00001100 ${V4}`],
  ['802.3 with SNAP', 1, `${MACS} 0020 aaaa03 000000 0800 ${V4}`],
  ['raw IP in 802.2', 1, `${MACS} 0020 060603 ${V4}00000000`],
  ['null', 0, `02000000 ${V4}`],
  ['null of a big-endian machine', 0, `00000002 ${V4}`],
  ['loop', 108, `00000002 ${V4}`],
  ['raw', 101, V4],
  ['raw IPv4', 228, V4],
  ['PPP', 9, `0021 ${V4}`],
  ['PPP with address', 50, `ff03 0021 ${V4}`],
  ['PPPoE alone', 51, `11000000 0016 0021 ${V4}`],
  ['Linux cooked', 113, `0000 0001 0006 020000000001 0000 0800 ${V4}`],
  ['Linux cooked 2', 276, `0800 0000 00000001 0001 00 06 020000000001 0000 ${V4}`],
  ['FDDI', 10, `50 ${MACS} aaaa03 000000 0800 ${V4}`],
  ['NFLOG', 239, `02000000 0800 0100 00000000 0800 0900 ${V4}`],
  ['802.11', 105, `0801 0000 ${MACS} 020000000003 0000 aaaa03 000000 0800 ${V4}`],
  ['802.11 with QoS', 105, `8802 0000 ${MACS} 020000000003 0000 0000 aaaa03 000000 0800 ${V4}`],
  [
    '802.11 between bridges',
    105,
    `0803 0000 ${MACS} 020000000003 0000 020000000004 aaaa03 000000 0800 ${V4}`,
  ],
  ['802.11 aggregate', 105, `8802 0000 ${MACS} 020000000003 0000 8000 ${MACS} 0010 aaaa03 000000 0800 ${V4}`],
  ['radiotap', 127, `00 00 0800 00000000 0802 0000 ${MACS} 020000000003 0000 aaaa03 000000 0800 ${V4}`],
];

for (const [what, linktype, hex] of FOUND) {
  test(`finds IPv4 behind ${what}`, () => {
    const p = read(linktype, hex);
    assert.equal(p.etherType, IPV4);
    assert.equal(network(p), V4);
  });
}

test('finds IPv6 behind Ethernet, null, PPP and nothing', () => {
  for (const p of [
    read(1, `${MACS} 86dd ${V6}`),
    read(0, `1e000000 ${V6}`),
    read(9, `0057 ${V6}`),
    read(229, V6),
  ]) {
    assert.equal(p.etherType, IPV6);
    assert.equal(network(p), V6);
  }
});

test('remembers both VLANs, plus one, and where the sender stands', () => {
  const p = read(1, `${MACS} 88a8 200a 8100 000b 0800 ${V4}`);
  assert.deepEqual([p.vlan, p.innerVlan], [11, 12]);
  assert.equal(p.macAt, 6);
});

test('other frames carry no IP', () => {
  for (const [linktype, hex] of [
    [1, `${MACS} 0806 0001`],
    [1, `${MACS} 0020 aaaa03 00000c 2000 ${V4}`],
    [1, `${MACS} 0020 424203 ${V4}00000000`],
    [105, `8000 0000 ${MACS} 020000000003 0000`],
    [105, `0840 0000 ${MACS} 020000000003 0000 aaaa03 000000 0800 ${V4}`],
    [147, V4],
    [101, '00'],
    [0, '63000000'],
  ] as const) {
    const p = read(linktype, hex);
    assert.ok(p.etherType !== IPV4 && p.etherType !== IPV6);
    assert.equal(p.oddity, '');
  }
});

test('frames that end too early, or stack too much, are odd', () => {
  assert.equal(read(1, MACS).oddity, 'truncated_ethernet_frame');
  assert.equal(read(239, '02000000 0001 0900 00').oddity, 'nflog_bad_tlv_len');
  assert.equal(
    read(1, `${MACS} ${'8100 000a'.repeat(3)} 0800 ${V4}`).oddity,
    'triple_tagged_vlan_unsupported',
  );
  assert.equal(
    read(1, `${MACS} ${'8100 000a'.repeat(12)} 0800 ${V4}`).oddity,
    'max_packet_analyzer_depth_exceeded',
  );
  for (const hex of ['', '8100', '8847 0000', '8864 11', '88e7 00']) read(1, `${MACS}${hex}`);
  for (const linktype of [0, 9, 10, 50, 51, 105, 108, 113, 127, 239, 276]) read(linktype, '00');
});

test('802.2 within 802.2 is not followed, however deep', () => {
  const p = read(1, `${MACS} 0100 ${'aaaa03 000000 8100 0001 0100'.repeat(20_000)}`);
  assert.ok(p.etherType !== IPV4 && p.etherType !== IPV6);
});
