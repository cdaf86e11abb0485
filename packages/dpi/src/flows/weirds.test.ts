import assert from 'node:assert/strict';
import test from 'node:test';
import type { LogRecord } from '@thymus/core';
import { Packet } from '../layers/packet.ts';
import { History } from './history.ts';
import { RESP, RETRANSMITS } from './layout.ts';
import { FlowTable } from './table.ts';
import { Weirds } from './weirds.ts';

function packet(address: number, ts = 0): Packet {
  const p = new Packet();
  p.ts = ts;
  p.src2 = p.dst2 = 0xffff;
  p.src3 = address;
  p.dst3 = 0x0a000001;
  return p;
}

test('a name is told once for a pair of addresses, again after ten minutes', () => {
  const rows: LogRecord[] = [];
  const weirds = new Weirds((row) => rows.push(row));
  for (const ts of [0, 1, 600_001]) weirds.packet(packet(1, ts), 'odd', 'why', 'IP', true);
  weirds.packet(packet(2, 600_002), 'odd', '', '', true);
  assert.deepEqual(
    rows.map(({ ts }) => ts),
    [0, 600_001, 600_002],
  );
  assert.equal(weirds.heldBack, 1);
});

test('a flood of one name is told in part, and is no flood of memory', () => {
  let told = 0;
  const weirds = new Weirds(() => told++);
  for (let i = 0; i < 20_000; i++) weirds.packet(packet(i), 'odd', '', '', true);
  assert.ok(told > 1_000 && told < 2_100);
});

test('what is ordinary at the edge of a capture is not told', () => {
  const weirds = new Weirds(() => assert.fail());
  weirds.self(0, 'spontaneous_RST', '');
});

test('a very long history goes on beyond the record of the flow, up to a limit', () => {
  const table = new FlowTable(4);
  const history = new History(table);
  const p = packet(1);
  table.find(p, 0x1006);
  const flow = table.insert(p, 0x1006);
  for (let i = 0; i < 400; i++) history.add(flow, 0x46, i % 2 === 0);
  assert.equal(history.text(flow), 'Ff'.repeat(128));
  history.drop(flow);
  assert.equal(history.text(flow).length, 24);
});

test('letters of counters come at powers of ten, of the side that counts', () => {
  const table = new FlowTable(4);
  const history = new History(table);
  const p = packet(1);
  table.find(p, 0x1006);
  const flow = table.insert(p, 0x1006);
  for (let i = 0; i < 1_000; i++) history.scaled(flow, RESP + RETRANSMITS, 0x54);
  assert.equal(history.text(flow), 'tttt');
});

test('flows whose hashes collide are kept apart, also after others were removed', () => {
  const table = new FlowTable(64);
  const flows = new Map<number, number>();
  for (let i = 0; i < 64; i++) {
    table.find(packet(i), 0x1006);
    flows.set(i, table.insert(packet(i), 0x1006));
  }
  assert.equal(table.insert(packet(99), 0x1006), -1);
  for (let i = 0; i < 64; i += 2) {
    table.remove(flows.get(i)!);
    flows.delete(i);
  }
  for (let i = 0; i < 64; i++) assert.equal(table.find(packet(i), 0x1006), flows.get(i) ?? -1);
  assert.equal(table.size, 32);
});
