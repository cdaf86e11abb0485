import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type LogRecord, ThymusError } from '@thymus/core';
import { inFolder } from '../files/hand-made.ts';
import { readLogs } from './read-logs.ts';
import { createRecordWriter, type RecordWriterOptions } from './record-writer.ts';

const tuple = { source_ip: '10.0.0.1', source_port: 1025, dest_ip: '2001:db8::1', dest_port: 80 };
const http: LogRecord = {
  kind: 'http',
  ts: 1_700_000_000_123.456,
  uid: 'C1',
  ...tuple,
  trans_depth: 1,
  host: 'näme',
  uri: '/a\tb\\c\u0007',
  user_agent: '-',
  referrer: '(empty)',
  request_body_len: 0,
  response_body_len: 123_456_789_012,
  tags: [],
  proxied: ['a,b', 'c'],
};
const dns: LogRecord = {
  kind: 'dns',
  ts: 5,
  uid: '#1',
  ...tuple,
  proto: 'udp',
  rtt: 0.25,
  AA: true,
  TC: false,
  RD: false,
  RA: false,
  Z: 0,
  rejected: false,
  TTLs: [60_000, 0.5],
  answers: ['x'.repeat(200)],
};
const update: LogRecord = {
  kind: 'conn_update',
  ts: 1,
  uid: 'C1',
  ...tuple,
  proto: 'tcp',
  conn_state: 'S1',
  missed_bytes: 0,
  vlan: 7,
};

/** Writes records into a folder and gives each file's text. */
async function write(
  records: readonly LogRecord[],
  options: Partial<RecordWriterOptions> = {},
): Promise<Record<string, string>> {
  return inFolder(async (_, folder) => {
    const writer = createRecordWriter({
      format: 'zeek-tsv',
      folder: join(folder, 'new/out'),
      now: () => 0,
      ...options,
    });
    for (const record of records) writer.write(record);
    writer.close();
    const out = join(folder, 'new/out');
    return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
  });
}

test('a Zeek log has the header, the columns and the escapes that Zeek writes', async () => {
  const text = (await write([http]))['http.log']!;
  const lines = text.split('\n');
  assert.deepEqual(lines.slice(0, 6), [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\thttp',
    '#open\t1970-01-01-00-00-00',
  ]);
  assert.match(
    lines[6]!,
    /^#fields\tts\tuid\tid\.orig_h\tid\.orig_p\tid\.resp_h\tid\.resp_p\ttrans_depth\tmethod\t/,
  );
  assert.match(lines[7]!, /^#types\ttime\tstring\taddr\tport\taddr\tport\tcount\tstring\t/);
  assert.match(lines[7]!, /\tset\[enum\]\tstring\tstring\tset\[string\]\tvector\[string\]/);
  const expected =
    '1700000000.123456 C1 10.0.0.1 1025 2001:db8::1 80 1 - näme /a\\x09b\\\\c\\x07 \\x28empty) - \\x2d - 0 123456789012 - - - - (empty) - - a\\x2cb,c';
  assert.equal(lines[8], `${expected} ${Array(6).fill('-').join(' ')}`.replaceAll(' ', '\t'));
  assert.deepEqual(lines.slice(9), ['#close\t1970-01-01-00-00-00', '']);
});

test('times before the epoch, fractions of a ms and large texts are written whole', async () => {
  const weird: LogRecord = { kind: 'weird', ts: -1.5, name: 'n', notice: false };
  const files = await write([dns, weird]);
  assert.match(files['dns.log']!, /\n0\.005000\t#1\t.*\t0\.000250\t/);
  assert.match(files['dns.log']!, new RegExp(`\t${'x'.repeat(200)}\t60\\.000000,0\\.000500\tF\t`));
  assert.match(files['weird.log']!, /\n-0\.001500\t-\t/);
});

test('columns and kinds of our own are written only if asked for', async () => {
  assert.deepEqual(Object.keys(await write([update, dns])), ['dns.log']);
  const files = await write([update], { withOwnColumns: true });
  assert.match(files['conn_update.log']!, /#fields.*\tcommunity_id\tvlan\t/);
  assert.match(files['conn_update.log']!, /\t7\t-\t-\t-\t-\t-\t-\n/);
});

test('what was written as Zeek logs is read back the same', async () => {
  await inFolder(async (_, folder) => {
    const writer = createRecordWriter({ format: 'zeek-tsv', folder, withOwnColumns: true });
    for (const record of [dns, update, http]) writer.write(record);
    writer.close();
    assert.deepEqual(
      [...writer.counts],
      [
        ['dns', 1],
        ['conn_update', 1],
        ['http', 1],
      ],
    );
    const found: LogRecord[] = [];
    const paths = readdirSync(folder).map((name) => join(folder, name));
    const { faults } = await readLogs(paths, (record) => found.push(record));
    assert.deepEqual(faults, []);
    assert.deepEqual(found, [update, dns, http]);
  });
});

test('JSON lines hold the records as they are', async () => {
  const files = await write([http, dns, http], { format: 'ndjson' });
  const lines = files['http.ndjson']!.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line): unknown => JSON.parse(line)),
    [http, http],
  );
  assert.ok(files['dns.ndjson']);
});

test('many records are written in pieces, none is lost', async () => {
  const files = await write(Array<LogRecord>(3000).fill(http));
  assert.equal(files['http.log']!.split('\n').length, 8 + 3000 + 2);
});

test('without a folder, JSON lines go to the standard output, however slow its reader', () => {
  const script = `
    import { createRecordWriter } from '${join(import.meta.dirname, 'record-writer.ts')}';
    process.stdout; // makes the pipe non-blocking
    const writer = createRecordWriter({ format: 'ndjson' });
    for (let i = 0; i < 4000; i++) writer.write({ kind: 'weird', ts: i, name: 'x'.repeat(100), notice: false });
    writer.close();`;
  const node = [process.execPath, '--input-type=module-typescript', '-e', script];
  const output = execFileSync('sh', ['-c', '"$0" "$1" "$2" "$3" | (sleep 0.3; cat)', ...node], {
    maxBuffer: 1e8,
  });
  const lines = output.toString().trimEnd().split('\n');
  assert.equal(lines.length, 4000);
  assert.equal((JSON.parse(lines[3999]!) as LogRecord).ts, 3999);
});

const refusal = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof ThymusError && error.code === code && message.test(error.message);

test('Zeek logs without a folder are refused', () => {
  assert.throws(() => createRecordWriter({ format: 'zeek-tsv' }), refusal('BAD_INPUT', /need a folder/));
});

test('a folder that cannot be, and a file that cannot be written, are told', async () => {
  await inFolder(async (file, folder) => {
    const inTheWay = file('x', '');
    const options = { format: 'zeek-tsv', folder: inTheWay } as const;
    assert.throws(
      () => createRecordWriter(options),
      refusal('BAD_FILE', /Cannot write .*x: a file is in the way/),
    );
    mkdirSync(join(folder, 'dns.log'));
    const writer = createRecordWriter({ format: 'zeek-tsv', folder });
    writer.write(dns);
    assert.throws(() => writer.close(), refusal('BAD_FILE', /it is a folder/));
  });
});

test('a full disk is told as such', { skip: existsSync('/dev/full') ? false : 'no /dev/full' }, async () => {
  await inFolder(async (_, folder) => {
    execFileSync('ln', ['-s', '/dev/full', join(folder, 'dns.log')]);
    const writer = createRecordWriter({ format: 'zeek-tsv', folder });
    writer.write(dns);
    assert.throws(() => writer.close(), refusal('DISK_FULL', /No room is left to write/));
  });
});
