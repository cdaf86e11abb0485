import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder } from '../files/hand-made.ts';
import { LogFollower, type LogPositions } from './follow-logs.ts';
import { MAX_LINE } from './line-reader.ts';

const HEADER = [
  '#separator \\x09',
  '#path\tconn',
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state',
  '',
].join('\n');
const row = (uid: string) => `1700000000.5\t${uid}\t10.0.0.1\t5\t10.0.0.2\t80\ttcp\tSF\n`;
const json = (uid: string) =>
  `${JSON.stringify({
    _path: 'conn',
    ts: 1_700_000_000.5,
    uid,
    'id.orig_h': '10.0.0.1',
    'id.orig_p': 5,
    'id.resp_h': '10.0.0.2',
    'id.resp_p': 80,
    proto: 'tcp',
    conn_state: 'SF',
  })}\n`;

/** A follower that remembers the uids it was given; `poll` gives those that are new. */
function follow(paths: string[], from: LogPositions = {}) {
  const uids: string[] = [];
  const follower = new LogFollower(
    paths,
    (record) => uids.push('uid' in record ? `${record.uid}` : ''),
    from,
  );
  const poll = () => {
    while (follower.poll());
    return uids.splice(0);
  };
  return { follower, poll };
}

test('a file is followed from before it is there, line by line as they are complete', async () => {
  await inFolder(async (_, folder) => {
    const path = join(folder, 'conn.log');
    const { follower, poll } = follow([path]);
    assert.deepEqual(poll(), []);
    writeFileSync(path, HEADER + row('C1') + row('C2').slice(0, 20));
    assert.deepEqual(poll(), ['C1']);
    assert.deepEqual(poll(), []);
    appendFileSync(path, row('C2').slice(20) + row('C3'));
    assert.deepEqual(poll(), ['C2', 'C3']);
    follower.close();
  });
});

test('a rotated file is read to its end before the one that has its name', async () => {
  await inFolder(async (_, folder) => {
    const path = join(folder, 'conn.log');
    const { follower, poll } = follow([folder]);
    writeFileSync(path, HEADER + row('C1'));
    assert.deepEqual(poll(), ['C1']);
    appendFileSync(path, row('C2'));
    renameSync(path, join(folder, 'conn.2026-01-05.old'));
    appendFileSync(join(folder, 'conn.2026-01-05.old'), row('C3'));
    writeFileSync(path, HEADER + row('C4'));
    assert.deepEqual(poll(), ['C2', 'C3', 'C4']);
    follower.close();
  });
});

test('a file that was cut begins anew, also where it has grown past the place since', async () => {
  await inFolder(async (_, folder) => {
    const path = join(folder, 'conn.log');
    const { follower, poll } = follow([path]);
    writeFileSync(path, json('C1') + json('C2'));
    assert.deepEqual(poll(), ['C1', 'C2']);
    truncateSync(path, 0);
    appendFileSync(path, json('C3'));
    assert.deepEqual(poll(), ['C3']);
    truncateSync(path, 0);
    appendFileSync(path, json('D4') + json('D5') + json('D6'));
    assert.deepEqual(poll(), ['D4', 'D5', 'D6']);
    follower.close();
  });
});

test('reading is taken up where it stood, with the header, and after a rotation meanwhile', async () => {
  await inFolder(async (_, folder) => {
    const path = join(folder, 'conn.log');
    writeFileSync(path, HEADER + row('C1'));
    const first = follow([path]);
    assert.deepEqual(first.poll(), ['C1']);
    first.follower.close();
    appendFileSync(path, row('C2'));
    const second = follow([path], first.follower.positions);
    assert.deepEqual(second.poll(), ['C2']);
    second.follower.close();
    appendFileSync(path, row('C3'));
    renameSync(path, join(folder, 'conn.1.log'));
    writeFileSync(path, HEADER + row('C4'));
    const third = follow([path], second.follower.positions);
    assert.deepEqual(third.poll(), ['C3', 'C4']);
    third.follower.close();
    const other = { [path]: { ...third.follower.positions[path]!, head: '4 0000' } };
    const again = follow([path], other);
    assert.deepEqual(again.poll(), ['C4']);
    again.follower.close();
  });
});

test('positions of files that are away are kept', async () => {
  await inFolder(async (_, folder) => {
    const path = join(folder, 'conn.log');
    const known = { [path]: { inode: 5, at: 10, head: '10 ab' } };
    const { follower, poll } = follow([path], known);
    poll();
    assert.deepEqual(follower.positions, known);
    follower.close();
  });
});

test('lines that cannot be read are counted, the others go on', async () => {
  await inFolder(async (_, folder) => {
    const path = join(folder, 'eve.json');
    const flow = JSON.stringify({ event_type: 'stats', timestamp: '2026-01-05T12:00:00.000000+0000' });
    writeFileSync(path, `{"event_type":"flow"}\n${flow}\n${'x'.repeat(3 * MAX_LINE)}\n{"event_type"\n`);
    writeFileSync(join(folder, 'notes.log'), 'this is no log\n');
    mkdirSync(join(folder, 'a.log'));
    const { follower, poll } = follow([folder]);
    assert.deepEqual(poll(), []);
    assert.deepEqual(follower.counts, { records: 0, broken: 4, skipped: 1 });
    unlinkSync(path);
    poll();
    follower.close();
  });
});
