import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RowWriter } from '@thymus/core';
import { toNative } from './native.ts';

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** The data of the only column, behind counts, name and type. */
function dataOf(type: string, rows: Uint8Array): string {
  const head = hex(Buffer.from([1, type.length])) + hex(Buffer.from(type));
  const native = hex(toNative(rows, [{ name: 'c', type }]));
  const at = native.indexOf(`0163${head.slice(2)}`);
  assert.ok(at > 0, native);
  return native.slice(at + 4 + head.length - 2);
}

function written(write: (w: RowWriter) => void): Uint8Array {
  const writer = new RowWriter();
  write(writer);
  return writer.written;
}

test('columns stand one after the other, behind how many there are, their names and types', () => {
  const rows = written((w) => {
    for (const n of [1, 2]) {
      w.u16(n);
      w.string('ab'.repeat(n));
    }
  });
  const columns = [
    { name: 'n', type: 'UInt16' },
    { name: 's', type: 'String' },
  ];
  const numbers = `01${hex(Buffer.from('n'))}06${hex(Buffer.from('UInt16'))}01000200`;
  const texts = `01${hex(Buffer.from('s'))}06${hex(Buffer.from('String'))}0261620461626162`;
  assert.equal(hex(toNative(rows, columns)), `0202${numbers}${texts}`);
});

test('unset numbers are told apart from zero', () => {
  const rows = written((w) => {
    w.u8(1);
    w.u8(0);
    w.u16(0);
    w.u8(0);
    w.u16(443);
  });
  assert.equal(dataOf('Nullable(UInt16)', rows), '01000000000000bb01');
});

test('lists are where each ends, then their items', () => {
  const rows = written((w) => {
    w.strings(['a', 'b']);
    w.strings([]);
    w.strings(['c']);
  });
  const ends = ['02', '02', '03'].map((end) => end.padEnd(16, '0')).join('');
  assert.equal(dataOf('Array(String)', rows), `${ends}016101620163`);
  const intervals = written((w) => w.intervals([0.001]));
  assert.equal(dataOf('Array(Int64)', intervals), `${'01'.padEnd(16, '0')}${'01'.padEnd(16, '0')}`);
});

test('categories are told once, and per row by number', () => {
  const rows = written((w) => {
    for (const text of ['tcp', 'udp', 'tcp', '']) w.string(text);
  });
  const u64 = (value: string) => value.padEnd(16, '0');
  const keys = `03${hex(Buffer.from('tcp'))}03${hex(Buffer.from('udp'))}00`;
  assert.equal(
    dataOf('LowCardinality(String)', rows),
    `${u64('01')}${u64('0006')}${u64('03')}${keys}${u64('04')}00010002`,
  );
});

test('many categories get wider numbers', () => {
  for (const [count, width] of [
    [256, 1],
    [257, 2],
    [70_000, 4],
  ] as const) {
    const rows = written((w) => {
      for (let i = 0; i < count; i++) w.string(i.toString(36).padStart(5, '0'));
    });
    const data = dataOf('LowCardinality(String)', rows);
    assert.equal(data.length / 2, 24 + count * 6 + 8 + count * width);
    assert.equal(data.slice(16, 18), `0${Math.log2(width)}`);
    const last = Buffer.alloc(4);
    last.writeUInt32LE(count - 1);
    assert.equal(data.slice(-2 * width), hex(last.subarray(0, width)));
  }
});

test('more rows than a block holds come in several', () => {
  const native = Buffer.from(toNative(new Uint8Array(131_073), [{ name: 'c', type: 'Bool' }])!);
  assert.equal(native.length, 131_073 + 11 + 9);
  assert.equal(hex(native.subarray(-10)), hex(Buffer.from('\x01\x01\x01c\x04Bool\0')));
});

test('texts of any length are kept, a length that cannot be is no row', () => {
  const long = 'ü'.repeat(300);
  const rows = written((w) => w.string(long));
  assert.equal(dataOf('String', rows), hex(rows));
  for (const type of ['String', 'LowCardinality(String)', 'Array(String)', 'Array(Int64)']) {
    for (const bad of ['05', '8080', 'ffffffff0f', 'ffffffffffff', '03616263ff'])
      assert.equal(toNative(Buffer.from(bad, 'hex'), [{ name: 'c', type }]), undefined, `${bad} as ${type}`);
  }
});

test('rows that end too early, and types that are not known, are left to the engine', () => {
  for (const type of ['UInt64', 'IPv6', 'Nullable(UInt16)', "DateTime64(6, 'UTC')"])
    assert.equal(toNative(new Uint8Array(1), [{ name: 'c', type }]), undefined, type);
  for (const type of [
    'Decimal(9, 2)',
    'Nullable(String)',
    'Array(UInt8)',
    'LowCardinality(Nullable(String))',
  ])
    assert.equal(toNative(new Uint8Array(64), [{ name: 'c', type }]), undefined, type);
});
