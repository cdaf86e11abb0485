import assert from 'node:assert/strict';
import test from 'node:test';
import { Random } from '@thymus/core';
import type { Dissector } from '../dissector.ts';
import { DISSECTORS } from '../dissectors/index.ts';
import { Candidates } from './candidates.ts';

const asked: string[] = [];

/** A protocol that is as sure as told of anything it is asked about. */
const sure = (name: string, score: number, more: Partial<Dissector> = {}): Dissector => ({
  name,
  transports: ['tcp'],
  ports: [],
  probe: () => {
    asked.push(name);
    return score;
  },
  open: () => ({ feed: (bytes) => bytes.length }),
  ...more,
});

const bestOf = (dissectors: Dissector[], port: number, first: number): string | undefined => {
  asked.length = 0;
  return new Candidates(dissectors).best('tcp', port, Uint8Array.of(first), true, undefined)?.name;
};

test('a dissector is not asked about bytes that its protocol cannot begin with', () => {
  const letters = sure('letters', 0.9, { begins: (first) => first >= 65 });
  const all = sure('all', 0.5);
  assert.equal(bestOf([letters, all], 80, 65), 'letters');
  assert.equal(bestOf([letters, all], 80, 1), 'all');
  assert.deepEqual(asked, ['all']);
});

test('those at home on the port are asked first, and the certain one last', () => {
  const home = sure('home', 1, { ports: [80] });
  assert.equal(bestOf([sure('other', 1), home], 80, 0), 'home');
  assert.deepEqual(asked, ['home']);
  assert.equal(bestOf([sure('other', 1), home], 81, 0), 'other');
});

test('too few bytes leave the question open', () => {
  const candidates = new Candidates([sure('later', -1)]);
  assert.equal(candidates.best('tcp', 1, Uint8Array.of(1), true, undefined), undefined);
  assert.equal(candidates.isUndecided, true);
});

test('no dissector would take what its first byte rules out', () => {
  const random = new Random(7);
  for (const { name, begins, probe, ports } of DISSECTORS) {
    for (let first = 0; first < 256; first++) {
      if (begins?.(first) !== false || name === 'websocket') continue;
      for (let length = 1; length < 64; length += 9) {
        const bytes = Uint8Array.from({ length }, () => Math.floor(random.next() * 256));
        bytes[0] = first;
        assert.ok(probe(bytes, length % 2 === 0, ports[0] ?? 0) <= 0, `${name} ${first}`);
      }
    }
  }
});
