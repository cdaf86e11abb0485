import assert from 'node:assert/strict';
import test from 'node:test';
import {
  ethernetFrame,
  icmpMessage,
  ipPacket,
  otherTransport,
  TCP_FLAGS,
  tcpSegment,
  udpDatagram,
} from '@thymus/core';
import { ascii, Bench, Conversation, NOON } from './harness.ts';

const { ACK, FIN, RST, SYN } = TCP_FLAGS;
const HERE = { source: '10.0.0.1', dest: '10.0.0.2' };
const BACK = { source: '10.0.0.2', dest: '10.0.0.1' };
const NOTHING = new Uint8Array(0);

test('a connection that is opened, used and closed is told with its sizes and its history', () => {
  const bench = new Bench();
  new Conversation(bench).open().ask('question').answer('the answer').close();
  const [conn, ...others] = bench.conns();
  assert.deepEqual(others, []);
  assert.equal(conn!.conn_state, 'SF');
  assert.equal(conn!.history, 'ShADadFf');
  assert.equal(conn!.ts, NOON);
  assert.deepEqual([conn!.orig_bytes, conn!.resp_bytes], [8, 10]);
  assert.deepEqual([conn!.orig_pkts, conn!.resp_pkts], [6, 4]);
  assert.equal(conn!.orig_ip_bytes, 6 * 40 + 8);
  // The last acknowledgement carries nothing: it comes after both ends were closed.
  assert.equal(conn!.duration, 8);
  assert.equal(conn!.local_orig, true);
  assert.equal(conn!.orig_l2_addr, '02:00:00:00:00:0a');
  assert.match(conn!.uid, /^C[0-9A-Za-z]{15}$/);
});

test('a refused connection is REJ, and the next attempt on the same ports another one', () => {
  const bench = new Bench();
  const talk = new Conversation(bench);
  for (let i = 0; i < 2; i++) {
    talk.segment(true, SYN, NOTHING, { seq: 7, ack: 0 });
    talk.segment(false, RST | ACK, NOTHING, { seq: 0, ack: 8 });
  }
  assert.deepEqual(
    bench.conns().map(({ conn_state, history }) => [conn_state, history]),
    [
      ['REJ', 'Sr'],
      ['REJ', 'Sr'],
    ],
  );
});

test('a SYN that nobody answers ends after five seconds', () => {
  const bench = new Bench();
  const talk = new Conversation(bench);
  talk.segment(true, SYN, NOTHING, { seq: 7 });
  bench.engine.advance(NOON + 4_999);
  assert.equal(bench.of('conn').length, 0);
  bench.engine.advance(NOON + 6_100);
  assert.deepEqual(
    bench.of('conn').map(({ conn_state }) => conn_state),
    ['S0'],
  );
  talk.segment(true, SYN, NOTHING, { seq: 7 });
  assert.equal(bench.conns().length, 2);
});

test('a reset by either side says which', () => {
  for (const [fromClient, state] of [
    [true, 'RSTO'],
    [false, 'RSTR'],
  ] as const) {
    const bench = new Bench();
    new Conversation(bench).open().ask('x').reset(fromClient);
    assert.equal(bench.conns()[0]!.conn_state, state);
  }
});

test('a connection still open at the end is S1, half closed S2 or S3', () => {
  const open = new Bench();
  new Conversation(open).open();
  assert.equal(open.conns()[0]!.conn_state, 'S1');
  for (const [fromClient, state] of [
    [true, 'S2'],
    [false, 'S3'],
  ] as const) {
    const bench = new Bench();
    new Conversation(bench).open().segment(fromClient, FIN | ACK);
    assert.equal(bench.conns()[0]!.conn_state, state);
  }
});

test('an opener that gives up is RSTOS0; a SYN and a FIN without any answer are SH', () => {
  const gaveUp = new Bench();
  const talk = new Conversation(gaveUp);
  talk.segment(true, SYN, NOTHING, { seq: 1 });
  talk.segment(true, RST, NOTHING, { seq: 2 });
  assert.equal(gaveUp.conns()[0]!.conn_state, 'RSTOS0');
  const half = new Bench();
  const other = new Conversation(half);
  other.segment(true, SYN, NOTHING, { seq: 1 });
  other.segment(true, FIN, NOTHING, { seq: 2 });
  assert.equal(half.conns()[0]!.conn_state, 'SH');
});

test('payload sent again is marked at the first, tenth and hundredth time', () => {
  const bench = new Bench();
  const talk = new Conversation(bench).open();
  const { seq } = talk.client;
  talk.segment(true, ACK, ascii('again'));
  for (let i = 0; i < 100; i++) talk.segment(true, ACK, ascii('again'), { seq });
  assert.equal(bench.conns()[0]!.history, 'ShADTTT');
});

test('bytes that were acknowledged but never seen are missed', () => {
  const bench = new Bench();
  const talk = new Conversation(bench).open();
  talk.client.seq += 500;
  talk.segment(true, ACK, ascii('after the gap'));
  talk.segment(false, ACK);
  const [conn] = bench.conns();
  assert.equal(conn!.missed_bytes, 500);
  assert.match(conn!.history!, /G/);
  assert.equal(conn!.orig_bytes, 513);
});

test('a window of zero is marked', () => {
  const bench = new Bench();
  const talk = new Conversation(bench).open();
  const shut = tcpSegment({
    sourcePort: 80,
    destPort: 40_000,
    seq: talk.server.seq,
    ack: 0,
    flags: ACK,
    window: 0,
  });
  bench.send(BACK, shut);
  assert.equal(bench.conns()[0]!.history, 'ShAaw');
});

test('a connection joined in its middle is turned around if the port tells the server', () => {
  const bench = new Bench();
  const talk = new Conversation(bench);
  talk.segment(false, ACK, ascii('the answer'));
  talk.segment(true, ACK);
  const [conn] = bench.conns();
  assert.deepEqual([conn!.source_ip, conn!.dest_port], ['10.0.0.1', 80]);
  assert.equal(conn!.history, '^dA');
  assert.equal(conn!.conn_state, 'OTH');
  assert.equal(conn!.resp_bytes, 10);
});

test('an answer to a SYN that was missed is turned around towards its lower port', () => {
  const bench = new Bench();
  const talk = new Conversation(bench, { clientPort: 50_000, serverPort: 7_777 });
  talk.client.seq++;
  talk.segment(false, SYN | ACK);
  talk.segment(true, ACK);
  const [conn] = bench.conns();
  assert.equal(conn!.dest_port, 7_777);
  assert.equal(conn!.history, '^hA');
});

test('a SYN overtaken by its answer still makes one connection, opened by the right side', () => {
  const bench = new Bench();
  const talk = new Conversation(bench, { clientPort: 7, serverPort: 9_000 });
  talk.client.seq++;
  talk.segment(false, SYN | ACK);
  talk.segment(true, SYN, NOTHING, { seq: 1_000, ack: 0 });
  talk.segment(true, ACK);
  const [conn, ...others] = bench.conns();
  assert.equal(others.length, 0);
  assert.equal(conn!.source_ip, '10.0.0.1');
  assert.equal(conn!.conn_state, 'S1');
});

test('segments with several control flags are marked as such', () => {
  const bench = new Bench();
  new Conversation(bench).segment(true, SYN | FIN, NOTHING, { seq: 1 });
  new Conversation(bench, { clientPort: 40_001 }).segment(true, FIN | RST, NOTHING, { seq: 1 });
  assert.deepEqual(
    bench.conns().map(({ history }) => history),
    ['Q', 'I'],
  );
});

test('odd turns of a connection are told once each', () => {
  const bench = new Bench();
  const talk = new Conversation(bench).open();
  talk.segment(true, SYN, ascii('x'), { seq: 1_000 });
  talk.reset(false);
  talk.segment(false, ACK, ascii('late'));
  talk.segment(false, ACK, ascii('late'));
  assert.deepEqual(bench.weirds(), ['SYN_with_data', 'data_after_reset']);
});

test('a segment whose checksum is wrong is left out, unless checksums are not looked at', () => {
  const bad = ethernetFrame(
    { source: '02:00:00:00:00:01', dest: '02:00:00:00:00:02' },
    ipPacket(HERE, tcpSegment({ sourcePort: 1, destPort: 2, seq: 1, flags: SYN })),
  );
  bad[50]! ^= 0xff;
  const strict = new Bench();
  strict.frame(bad);
  assert.deepEqual(strict.weirds(), ['bad_TCP_checksum']);
  const [conn] = strict.conns();
  assert.deepEqual([conn!.history, conn!.orig_pkts], ['C', 0]);
  const lenient = new Bench({ checksums: 'ignore' });
  lenient.frame(bad);
  assert.equal(lenient.conns()[0]!.history, 'S');
});

test('an IP header whose checksum is wrong ends the packet', () => {
  const bench = new Bench();
  const packet = ipPacket(HERE, udpDatagram(1, 2));
  packet[8]! ^= 1;
  bench.frame(packet, 101);
  assert.deepEqual(bench.conns(), []);
  assert.deepEqual(bench.weirds(), ['bad_IP_checksum']);
});

test('UDP flows know who answered', () => {
  const bench = new Bench();
  bench.send(HERE, udpDatagram(40_000, 9_999, ascii('hello')));
  bench.send(BACK, udpDatagram(9_999, 40_000, ascii('yes')));
  bench.send(HERE, udpDatagram(40_001, 9_999, ascii('nobody?')));
  const rows = bench.conns();
  assert.deepEqual(
    rows.map(({ conn_state, history }) => [conn_state, history]),
    [
      ['SF', 'Dd'],
      ['S0', 'D'],
    ],
  );
  assert.deepEqual([rows[0]!.orig_bytes, rows[0]!.resp_bytes, rows[0]!.duration], [5, 3, 1]);
  // Nothing lasted: Zeek leaves these unset, and so do we.
  assert.equal(rows[1]!.orig_bytes, undefined);
});

test('a UDP flow ends a minute after its last packet, and the next packet begins another', () => {
  const bench = new Bench();
  bench.send(HERE, udpDatagram(40_000, 9_999));
  bench.now += 59_000;
  bench.send(HERE, udpDatagram(40_000, 9_999));
  bench.now += 60_500;
  bench.send(HERE, udpDatagram(40_000, 9_999));
  assert.deepEqual(
    bench.conns().map(({ orig_pkts }) => orig_pkts),
    [2, 1],
  );
});

test('a UDP length that disagrees with IP is weird', () => {
  const bench = new Bench({ checksums: 'ignore' });
  const datagram = udpDatagram(1, 2, ascii('four'));
  datagram.bytes[5] = 99;
  bench.send(HERE, datagram);
  assert.deepEqual(bench.weirds(), ['UDP_datagram_length_mismatch']);
});

test('an echo and its reply are one flow, messages without reply are one way', () => {
  const bench = new Bench();
  bench.send(HERE, icmpMessage(4, 8, 0, 1, ascii('ping')));
  bench.send(BACK, icmpMessage(4, 0, 0, 1, ascii('ping')));
  bench.send(HERE, icmpMessage(4, 3, 1, 0, ascii('unreachable')));
  bench.send(BACK, icmpMessage(4, 3, 1, 0, ascii('unreachable')));
  const rows = bench.conns();
  assert.deepEqual(
    rows.map((r) => [r.source_port, r.dest_port, r.orig_pkts, r.resp_pkts]),
    [
      [8, 0, 1, 1],
      [3, 1, 1, 0],
      [3, 1, 1, 0],
    ],
  );
  assert.equal(rows[0]!.conn_state, 'OTH');
  assert.equal(rows[0]!.proto, 'icmp');
});

test('broken neighbour discovery and listener reports are weird', () => {
  const bench = new Bench();
  const six = { source: 'fe80::1', dest: 'fe80::2' };
  bench.send(six, icmpMessage(6, 135, 0, 0, ascii('short')));
  bench.send(six, icmpMessage(6, 134, 0, 0, new Uint8Array(16)));
  bench.send(six, icmpMessage(6, 133, 0, 0, Uint8Array.from([1])));
  bench.send(six, icmpMessage(6, 143, 0, 2, ascii('x')));
  bench.send(six, icmpMessage(6, 143, 0, 1, Uint8Array.from([1, 9, 0, 9, ...new Uint8Array(16)])));
  assert.deepEqual(bench.weirds(), [
    'icmp6_ns_bad_opt_offset',
    'zero_length_ICMPv6_ND_option',
    'truncated_ICMPv6_ND_options',
    'truncated_ICMPv6_MLDv2',
    'truncated_ICMPv6_MLDv2_record',
  ]);
});

test('a message whose checksum is wrong makes no packet', () => {
  const bench = new Bench();
  const six = { source: 'fe80::1', dest: 'fe80::2' };
  for (const [header, message] of [
    [HERE, icmpMessage(4, 8, 0, 1)],
    [six, icmpMessage(6, 128, 0, 1)],
    [HERE, udpDatagram(1, 2, ascii('x'))],
  ] as const) {
    const packet = ipPacket(header, message);
    packet[packet.length - 1]! ^= 1;
    bench.frame(packet, 101);
  }
  assert.deepEqual(bench.weirds(), ['bad_ICMP_checksum', 'bad_ICMP_checksum', 'bad_UDP_checksum']);
  assert.deepEqual(
    bench.conns().map(({ orig_pkts }) => orig_pkts),
    [0, 0, 0],
  );
});

test('protocols that nobody reads make flows too, IGMP does not', () => {
  const bench = new Bench();
  bench.send(HERE, otherTransport(132, ascii('sctp')));
  bench.send(BACK, otherTransport(132, ascii('sctp')));
  bench.send(HERE, otherTransport(2, ascii('igmp 8bit')));
  const rows = bench.conns();
  assert.deepEqual(
    rows.map((r) => [r.proto, r.ip_proto, r.orig_pkts, r.resp_pkts]),
    [['unknown_transport', 132, 1, 1]],
  );
  assert.deepEqual(bench.weirds(), ['igmp_invalid_checksum']);
});

test('headers that are cut are weird, and make no flow without ports', () => {
  const bench = new Bench();
  bench.send(HERE, otherTransport(6, ascii('short')));
  bench.send(HERE, otherTransport(17, ascii('tiny')));
  const broken = tcpSegment({ sourcePort: 1, destPort: 2, seq: 1, flags: ACK });
  broken.bytes[12] = 0x10;
  bench.send(HERE, broken);
  broken.bytes[12] = 0xf0;
  bench.send(HERE, broken);
  assert.deepEqual(bench.weirds(), ['truncated_header', 'bad_TCP_header_len', 'truncated_header']);
  assert.equal(bench.conns().length, 1);
});

test('open connections are told of every minute, but not when nothing happened', () => {
  const bench = new Bench({ updateEvery: 60_000 });
  const talk = new Conversation(bench).open();
  bench.engine.advance(NOON + 61_000);
  bench.engine.advance(NOON + 122_000);
  bench.now = NOON + 123_000;
  talk.ask('still here');
  bench.engine.advance(NOON + 184_000);
  const updates = bench.of('conn_update');
  assert.deepEqual(
    updates.map(({ orig_pkts }) => orig_pkts),
    [2, 3],
  );
  assert.equal(updates[0]!.uid, bench.conns()[0]!.uid);
});

test('a full table ends the flow that would have ended first, and says so', () => {
  const bench = new Bench({ limits: { flows: 4 } });
  for (let port = 1; port <= 6; port++) bench.send(HERE, udpDatagram(port, 9_999));
  assert.equal(bench.engine.counters['flows_open'], 4);
  assert.equal(bench.engine.counters['flows_evicted'], 2);
  assert.deepEqual(
    bench.of('conn').map(({ source_port }) => source_port),
    [1, 2],
  );
  assert.deepEqual(bench.weirds(), ['flow_table_full']);
});

test('the VLAN parts flows only where that is asked for', () => {
  for (const [vlanAware, flows] of [
    [false, 1],
    [true, 2],
  ] as const) {
    const bench = new Bench({ vlanAware });
    for (const inner of [7, 0, 7]) bench.send(HERE, udpDatagram(1, 9_999), [10, inner]);
    const rows = bench.conns();
    assert.equal(rows.length, flows);
    assert.deepEqual([rows[0]!.vlan, rows[0]!.inner_vlan], [10, 7]);
  }
});

test('copies of a connection at two sensors have the same fingerprint, other connections do not', () => {
  const prints = [0, 0, 1].map((shift) => {
    const bench = new Bench();
    const talk = new Conversation(bench);
    talk.client.seq += shift;
    talk.open();
    return bench.conns()[0]!.fingerprint;
  });
  assert.equal(prints[0], prints[1]);
  assert.notEqual(prints[0], prints[2]);
});

test('what is internal can be said', () => {
  const bench = new Bench({ internal: ['10.0.0.2/32', 'nonsense'] });
  bench.send(HERE, udpDatagram(1, 9_999));
  const [conn] = bench.conns();
  assert.deepEqual([conn!.local_orig, conn!.local_resp], [false, true]);
});

test('the engine can be used again after it was finished', () => {
  const bench = new Bench();
  bench.send(HERE, udpDatagram(1, 9_999));
  bench.engine.finish();
  bench.now = NOON - 1_000_000;
  bench.send(HERE, udpDatagram(1, 9_999));
  assert.equal(bench.conns().length, 2);
  assert.equal(bench.engine.counters['flows_open'], 0);
});

test('what was not captured of a payload cannot be read', () => {
  const bench = new Bench();
  const talk = new Conversation(bench).open();
  const segment = tcpSegment(
    { sourcePort: 40_000, destPort: 80, seq: talk.client.seq, ack: talk.server.seq, flags: ACK },
    ascii('a long payload'),
  );
  const frame = ethernetFrame(
    { source: '02:00:00:00:00:01', dest: '02:00:00:00:00:02' },
    ipPacket(HERE, segment),
  );
  bench.frame(frame.subarray(0, frame.length - 5), 1, frame.length);
  assert.deepEqual(bench.weirds(), ['truncated_tcp_payload']);
  assert.equal(bench.conns()[0]!.orig_bytes, 14);
});

test('a DNS connection ends about ten seconds after the last answer, looked at every ten', () => {
  const bench = new Bench();
  bench.send(HERE, udpDatagram(1_000, 53, ascii('question')));
  bench.now += 500;
  bench.send(BACK, udpDatagram(53, 1_000, ascii('answer')));
  bench.engine.advance(NOON + 9_900);
  assert.equal(bench.of('conn').length, 0);
  bench.engine.advance(NOON + 11_000);
  assert.equal(bench.of('conn').length, 1);
});
