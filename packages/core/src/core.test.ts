import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  canonicalAddress,
  columnCount,
  connectionUid,
  declarationOf,
  decoderOf,
  encoderOf,
  hashText,
  type LogRecord,
  lakeType,
  NetworkScope,
  parseAddress,
  parseRange,
  Random,
  RECORDS,
  Reader,
  type RecordDeclaration,
  RowReader,
  RowWriter,
  rangeContains,
  ThymusError,
  utf8,
  writeEnrichment,
} from './index.ts';

const NOON = Date.UTC(2026, 0, 5, 12);

/** A record with every field of its kind set, or only those that must be. */
function sample(declaration: RecordDeclaration, isFull: boolean): LogRecord {
  const values = {
    time: NOON + 0.25,
    interval: 1234.567,
    string: 'Grüße ⟨x⟩',
    category: 'tcp',
    addr: '2001:db8::1',
    port: 65_535,
    count: 2 ** 40 + 1,
    double: 0.125,
    bool: true,
    strings: ['a', '', 'ß'],
    intervals: [300_000, 0.5],
  };
  const record: Record<string, unknown> = { kind: declaration.kind };
  for (const [name, field] of Object.entries(declaration.fields)) {
    if (isFull || !field.optional) record[name] = values[field.type];
  }
  return record as LogRecord;
}

for (const declaration of RECORDS) {
  test(`a ${declaration.kind} record comes back as it was written, full or bare`, () => {
    const writer = new RowWriter(16);
    const records = [sample(declaration, true), sample(declaration, false), sample(declaration, true)];
    for (const record of records) encoderOf(declaration)(writer, record);
    const reader = new RowReader(writer.written);
    const decode = decoderOf(declaration);
    assert.deepEqual(
      records.map(() => decode(reader)),
      records,
    );
    assert.equal(reader.at, writer.at);
    assert.equal(reader.bad, false);
  });

  test(`a cut ${declaration.kind} row is told, not trusted`, () => {
    const writer = new RowWriter();
    encoderOf(declaration)(writer, sample(declaration, true));
    for (let length = 0; length < writer.at; length += 7) {
      const reader = new RowReader(writer.written.subarray(0, length));
      decoderOf(declaration)(reader);
      assert.equal(reader.bad, true);
    }
  });
}

test('every record kind has a head and a doc for each field', () => {
  for (const { kind, fields } of RECORDS) {
    assert.ok('ts' in fields, kind);
    for (const [name, { doc }] of Object.entries(fields)) assert.match(doc, /\.$/, `${kind}.${name}`);
  }
  assert.equal(declarationOf('nothing'), undefined);
});

test('rows of an older version lack the newer columns', () => {
  const declaration = declarationOf('weird')!;
  const reader = new RowReader(new Uint8Array(8));
  assert.deepEqual(decoderOf(declaration, 1)(reader), { kind: 'weird', ts: 0 });
  assert.ok(columnCount(declaration) > 1);
});

test('optional numbers are nullable in the lake, optional strings are not', () => {
  const { fields } = declarationOf('conn')!;
  assert.equal(lakeType(fields['duration']!), 'Nullable(Int64)');
  assert.equal(lakeType(fields['community_id']!), 'String');
  assert.equal(lakeType(fields['ts']!), "DateTime64(6, 'UTC')");
});

test('negative and large integers keep their value in 64 bits', () => {
  const writer = new RowWriter();
  const numbers = [-1, -(2 ** 40), 2 ** 52, 0, 4_294_967_296];
  for (const n of numbers) writer.i64(n);
  const reader = new RowReader(writer.written);
  assert.deepEqual(
    numbers.map(() => reader.i64()),
    numbers,
  );
});

test('strings of any length keep their bytes', () => {
  const writer = new RowWriter();
  const texts = ['', 'a'.repeat(127), 'a'.repeat(128), 'ü'.repeat(100), 'x'.repeat(70_000)];
  for (const text of texts) writer.string(text);
  const reader = new RowReader(writer.written);
  assert.deepEqual(
    texts.map(() => reader.string()),
    texts,
  );
});

test('enrichment adds 4 + 4 + 1 + country + 4 + 2 bytes', () => {
  const writer = new RowWriter();
  writeEnrichment(writer, { source_did: -6, dest_did: 5, country: 'DE', asn: 13_335 }, 20_000);
  assert.equal(writer.at, 17);
});

test('addresses have one text', () => {
  for (const [text, canonical] of [
    ['10.0.0.1', '10.0.0.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::', '::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ] as const) {
    assert.equal(canonicalAddress(text), canonical);
  }
});

test('text that is no address is refused', () => {
  const wrong = [
    '',
    '1',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    'a.b.c.d',
    ':::',
    '1::2::3',
    '12345::',
    '1:2:3',
    '1.2.3.4::',
  ];
  for (const text of wrong) assert.equal(canonicalAddress(text), undefined, text);
});

test('ranges hold what lies in them', () => {
  const inRange = (range: string, address: string) =>
    rangeContains(parseRange(range)!, parseAddress(address)!);
  assert.ok(inRange('10.0.0.0/9', '10.127.0.1'));
  assert.ok(!inRange('10.0.0.0/9', '10.128.0.1'));
  assert.ok(inRange('0.0.0.0/0', '1.2.3.4'));
  assert.ok(!inRange('0.0.0.0/0', '2001:db8::1'));
  assert.ok(inRange('2001:db8::/33', '2001:db8:7fff::1'));
  assert.ok(inRange('192.0.2.1', '192.0.2.1'));
  for (const wrong of ['10.0.0.0/33', '10.0.0.0/x', 'ten/8', '::/129'])
    assert.equal(parseRange(wrong), undefined);
});

test('scopes tell internal from external, multicast and broadcast', () => {
  const scope = new NetworkScope();
  const scopes = [
    '10.1.2.3',
    '8.8.8.8',
    '224.0.0.251',
    'ff02::fb',
    '255.255.255.255',
    '::',
    '0.0.0.0',
    'x',
    '8.8.8.8',
  ];
  assert.deepEqual(
    scopes.map((a) => scope.of(a)),
    [
      'internal',
      'external',
      'multicast',
      'multicast',
      'broadcast',
      'unspecified',
      'unspecified',
      'unspecified',
      'external',
    ],
  );
  assert.ok(scope.isInternal('fe80::1'));
});

test('a reader gives zeros past the end and remembers it', () => {
  const r = new Reader(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
  assert.deepEqual([r.u8(), r.u16(), r.u24(), r.left], [1, 0x0203, 0x040506, 3]);
  assert.equal(r.u32(), 0x07080000 + 0);
  assert.equal(r.bad, true);
  for (const read of [
    (x: Reader) => x.u8(),
    (x: Reader) => x.u16(),
    (x: Reader) => x.u24(),
    (x: Reader) => x.u32le(),
  ]) {
    const empty = new Reader(new Uint8Array(0));
    assert.equal(read(empty), 0);
    assert.equal(empty.bad, true);
  }
});

test('a reader takes views and refuses lengths that lie', () => {
  const r = new Reader(Uint8Array.of(1, 0, 97, 98));
  assert.equal(r.u16le(), 1);
  assert.equal(r.latin1(2), 'ab');
  assert.equal(r.take(1).length, 0);
  assert.equal(r.bad, true);
  const skipping = new Reader(Uint8Array.of(1, 2));
  skipping.skip(2);
  assert.equal(skipping.bad, false);
  skipping.skip(-1);
  assert.equal(skipping.bad, true);
  assert.equal(utf8(Uint8Array.of(0xff)), '\ufffd');
});

test('connection ids sort by time and keep the hash', () => {
  const [early, late] = [connectionUid(NOON, 7), connectionUid(NOON + 0.001, 3)];
  assert.ok(early < late);
  assert.equal(early.length, 16);
  assert.notEqual(connectionUid(NOON, 7), connectionUid(NOON, 8));
  assert.equal(connectionUid(0, 0xffffffff), 'C0000000004gfFC3');
});

test('the same seed gives the same numbers and forks do not disturb each other', () => {
  const numbers = (r: Random) => Array.from({ length: 5 }, () => r.u32());
  assert.deepEqual(numbers(new Random(1)), numbers(new Random(1)));
  assert.notDeepEqual(numbers(new Random(1)), numbers(new Random(2)));
  const parent = new Random(1);
  const child = parent.fork(1);
  child.u32();
  assert.deepEqual(numbers(parent), numbers(new Random(1)));
});

test('random draws follow their distributions', () => {
  const r = new Random(42);
  const mean = (draw: () => number) => Array.from({ length: 20_000 }, draw).reduce((a, b) => a + b) / 20_000;
  const near = (value: number, expected: number) =>
    assert.ok(Math.abs(value - expected) < expected * 0.05, String(value));
  near(
    mean(() => r.next()),
    0.5,
  );
  near(
    mean(() => r.exponential(10)),
    10,
  );
  near(
    mean(() => r.poisson(3)),
    3,
  );
  near(
    mean(() => r.poisson(300)),
    300,
  );
  near(
    mean(() => (r.chance(0.2) ? 1 : 0)),
    0.2,
  );
  near(
    mean(() => r.integer(1, 3)),
    2,
  );
  near(
    mean(() => Math.log(r.logNormal(Math.E ** 2, 0.5))),
    2,
  );
  assert.ok(['a', 'b'].includes(r.pick(['a', 'b'])));
});

test('hashes of texts differ and fit 32 bits', () => {
  assert.notEqual(hashText('a'), hashText('b'));
  assert.ok(hashText('x') >= 0 && hashText('x') <= 0xffffffff);
});

test('errors carry code, status and cause', () => {
  const cause = new Error('why');
  const error = new ThymusError('BAD_QUERY', 'wrong', { cause });
  assert.deepEqual(
    [error.code, error.status, error.cause, error.message],
    ['BAD_QUERY', 400, cause, 'wrong'],
  );
});
