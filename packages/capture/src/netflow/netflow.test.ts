import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { type Conn, Random } from '@thymus/core';
import { type Flow, noFlow } from './elements.ts';
import { FlowPairs } from './flow-pairs.ts';
import { FlowReader } from './flow-reader.ts';
import { receiveFlows } from './flow-receiver.ts';

const NOON = 1_700_000_000_000;
const SECONDS = NOON / 1000;

const u16 = (...values: number[]) => Buffer.concat(values.map((v) => Buffer.from([v >> 8, v & 255])));
const u32 = (...values: number[]) =>
  Buffer.concat(values.flatMap((v) => u16(Math.floor(v / 65_536), v & 0xffff)));
const ip = (text: string) => Buffer.from(text.split('.').map(Number));

function reader() {
  const flows: Flow[] = [];
  const r = new FlowReader((flow) => flows.push(flow));
  return { r, flows, read: (bytes: Buffer, exporter = '192.0.2.1') => r.read(bytes, exporter, NOON) };
}

const V5_FLOW = Buffer.concat([
  ip('10.0.0.1'),
  ip('10.0.0.2'),
  u32(0),
  u16(1, 2),
  u32(10, 5000, 90_000, 95_000),
  u16(40_000, 443),
  Buffer.from([0, 0x1b, 6, 0]),
  u16(0, 0),
  Buffer.from([0, 0, 0, 0]),
]);
const v5 = (count: number, ...flows: Buffer[]) =>
  Buffer.concat([u16(5, count), u32(100_000, SECONDS, 0, 1, 0), ...flows]);

const EXPECTED: Flow = {
  ...noFlow(),
  source: '10.0.0.1',
  dest: '10.0.0.2',
  sourcePort: 40_000,
  destPort: 443,
  proto: 6,
  packets: 10,
  bytes: 5000,
  flags: 0x1b,
  start: NOON - 10_000,
  end: NOON - 5000,
};

test('NetFlow 5 gives flows, with times from the uptime of the device', () => {
  const { flows, read, r } = reader();
  read(v5(1, V5_FLOW));
  assert.deepEqual(flows, [EXPECTED]);
  read(v5(30, V5_FLOW, V5_FLOW.subarray(0, 20)));
  assert.deepEqual(r.counts, { datagrams: 2, flows: 2, broken: 0, withoutTemplate: 0 });
});

const FIELDS = [8, 12, 7, 11, 4, 6, 2, 1, 22, 21];
const LENGTHS = [4, 4, 2, 2, 1, 1, 4, 4, 4, 4];
const RECORD = Buffer.concat([
  ip('10.0.0.1'),
  ip('10.0.0.2'),
  u16(40_000, 443),
  Buffer.from([6, 0x1b]),
  u32(10, 5000, 90_000, 95_000),
]);
const set = (id: number, ...body: Buffer[]) => {
  const bytes = Buffer.concat(body);
  return Buffer.concat([u16(id, bytes.length + 4), bytes]);
};
const template = (id: number) =>
  Buffer.concat([u16(id, FIELDS.length), ...FIELDS.map((f, i) => u16(f, LENGTHS[i]!))]);
const v9 = (source: number, ...sets: Buffer[]) =>
  Buffer.concat([u16(9, 1), u32(100_000, SECONDS, 7, source), ...sets]);

test('NetFlow 9 gives flows once their template has come, for the exporter that sent it', () => {
  const { flows, read, r } = reader();
  read(v9(1, set(256, RECORD)));
  assert.deepEqual([flows.length, r.counts.withoutTemplate], [0, 1]);
  read(v9(1, set(0, template(256)), set(256, RECORD, RECORD, Buffer.alloc(3))));
  assert.deepEqual(flows, [EXPECTED, EXPECTED]);
  read(v9(2, set(256, RECORD)));
  read(v9(1, set(256, RECORD)), '192.0.2.2');
  assert.deepEqual([flows.length, r.counts.withoutTemplate], [2, 3]);
});

test('IPFIX gives flows of both directions, with fields of other enterprises and of variable length', () => {
  const { flows, read } = reader();
  const fields = Buffer.concat([
    u16(300, 8),
    u16(27, 16, 28, 16, 4, 1, 1, 8, 2, 4),
    u16(0x8000 | 1, 8),
    u32(29_305),
    u16(0x8000 | 2, 4),
    u32(29_305),
    u16(0x8000 | 96, 65_535),
    u32(9),
  ]);
  const times = Buffer.concat([u16(301, 6), u16(8, 4, 12, 4, 4, 1, 2, 4, 152, 8, 153, 8)]);
  const v6 = (last: number) =>
    Buffer.concat([Buffer.from('20010db8', 'hex'), Buffer.alloc(11), Buffer.of(last)]);
  const both = Buffer.concat([
    v6(1),
    v6(2),
    Buffer.of(17),
    u32(0, 900, 3, 0, 500, 2),
    Buffer.of(4),
    Buffer.from('name'),
  ]);
  const timed = Buffer.concat([
    ip('10.0.0.1'),
    ip('10.0.0.2'),
    Buffer.of(1),
    u32(1),
    Buffer.alloc(0),
    u32(Math.floor((NOON - 9) / 2 ** 32), (NOON - 9) % 2 ** 32, Math.floor(NOON / 2 ** 32), NOON % 2 ** 32),
  ]);
  const body = Buffer.concat([set(2, fields, times), set(300, both), set(301, timed)]);
  read(Buffer.concat([u16(10, 16 + body.length), u32(SECONDS, 1, 5), body]));
  const { source, dest, bytes, packets, backBytes, backPackets, end } = flows[0]!;
  assert.deepEqual([source, dest], ['2001:db8::1', '2001:db8::2']);
  assert.deepEqual([bytes, packets, backBytes, backPackets, end], [900, 3, 500, 2, NOON]);
  assert.deepEqual([flows[1]!.start, flows[1]!.end], [NOON - 9, NOON]);
});

test('templates are bounded, those without bytes are refused, and noise never throws', () => {
  const { r, read } = reader();
  for (let i = 0; i < 6000; i++) read(v9(i, set(0, template(256))));
  assert.equal(r.templates, 4096);
  read(v9(1, set(0, u16(256, 1, 8, 0)), set(256, RECORD)));
  const random = new Random(4);
  for (let i = 0; i < 20_000; i++) {
    const bytes = v9(1, set(0, template(256)), set(256, RECORD, RECORD));
    if (i % 3 === 0) bytes.writeUInt16BE(10);
    for (let n = 0; n < 8; n++) bytes[random.integer(1, bytes.length - 1)] = random.integer(0, 255);
    read(bytes.subarray(0, random.integer(0, bytes.length)));
  }
  assert.ok(r.counts.broken > 0);
});

function pairs() {
  const conns: Conn[] = [];
  return { conns, p: new FlowPairs((conn) => conns.push(conn)) };
}

const BACK: Flow = {
  ...EXPECTED,
  source: '10.0.0.2',
  dest: '10.0.0.1',
  sourcePort: 443,
  destPort: 40_000,
  bytes: 90_000,
  packets: 70,
  start: EXPECTED.start + 3,
};

test('both directions are one connection, whichever comes first', () => {
  for (const order of [
    [EXPECTED, BACK],
    [BACK, EXPECTED],
  ]) {
    const { conns, p } = pairs();
    for (const flow of order) p.add(flow, NOON);
    assert.equal(conns.length, 1);
    const { source_ip, dest_port, orig_ip_bytes, resp_ip_bytes, orig_bytes, conn_state, duration } =
      conns[0]!;
    assert.deepEqual([source_ip, dest_port, conn_state, duration], ['10.0.0.1', 443, 'SF', 5000]);
    assert.deepEqual([orig_ip_bytes, resp_ip_bytes, orig_bytes], [5000, 90_000, 4600]);
  }
});

test('one direction alone is told after a while, from the client by its port', () => {
  const { conns, p } = pairs();
  p.add(BACK, NOON);
  p.advance(NOON + 4000);
  assert.equal(conns.length, 0);
  p.advance(NOON + 5000);
  const { source_ip, dest_ip, orig_pkts, resp_pkts } = conns[0]!;
  assert.deepEqual([source_ip, dest_ip, orig_pkts, resp_pkts], ['10.0.0.1', '10.0.0.2', 0, 70]);
});

test('flows that wait are bounded, and repeated ones are told each', () => {
  const { conns, p } = pairs();
  for (let i = 0; i < 70_000; i++)
    p.add({ ...EXPECTED, source: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }, NOON);
  assert.equal(conns.length, 70_000 - 65_536);
  p.add(EXPECTED, NOON);
  p.add(EXPECTED, NOON);
  p.finish();
  assert.equal(conns.length, 70_002);
});

const STATES = [
  ['S0', 2, 0],
  ['SH', 3, 0],
  ['REJ', 2, 4],
  ['S1', 2, 2],
  ['SF', 3, 3],
  ['RSTO', 6, 2],
  ['RSTR', 2, 6],
  ['S3', 2, 3],
  ['OTH', 16, 16],
] as const;

test('how a connection went is told from the flags of both directions', () => {
  for (const [state, flags, backFlags] of STATES) {
    const { conns, p } = pairs();
    p.add({ ...EXPECTED, flags }, NOON);
    if (backFlags > 0) p.add({ ...BACK, flags: backFlags }, NOON);
    p.finish();
    assert.equal(conns[0]!.conn_state, state);
  }
});

test('flows come in over UDP; an address that is taken is refused', async () => {
  const end = new AbortController();
  const socket = createSocket('udp4');
  const conns: Conn[] = [];
  const options = { host: '127.0.0.1', port: 39_771, now: () => NOON };
  const counts = await receiveFlows(
    (conn) => {
      conns.push(conn);
      end.abort();
    },
    {
      ...options,
      signal: end.signal,
      onReady: () => {
        for (const flow of [V5_FLOW, V5_FLOW]) socket.send(v5(1, flow), options.port, '127.0.0.1');
      },
    },
  );
  assert.equal(conns[0]!.dest_port, 443);
  assert.equal(counts.flows, 2);
  const taken = createSocket('udp4');
  await new Promise<void>((resolve) => taken.bind(options.port, '127.0.0.1', resolve));
  const never = new AbortController().signal;
  await assert.rejects(
    receiveFlows(() => undefined, { ...options, signal: never }),
    /EADDRINUSE/,
  );
  for (const each of [socket, taken]) await new Promise<void>((resolve) => each.close(resolve));
});
