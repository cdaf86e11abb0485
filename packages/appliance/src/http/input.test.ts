import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  devices,
  editDevice,
  metricdata,
  modelbreaches,
  type Route,
  startJob,
  uiSearch,
} from '@thymus/contract';
import { dateOf, keepNamed, readInput, windowOf } from './input.ts';

const read = <R extends Route>(route: R, query = '', body = '', isQueryUnsigned = false) =>
  readInput(route, { params: {}, query, body, isQueryUnsigned });

test('names are read in any case, unknown and empty ones are left out', () => {
  const { values } = read(modelbreaches, 'MinScore=0.5&did=&order=asc&DeviceAtop=TRUE');
  assert.deepEqual(values, { minscore: 0.5, deviceattop: true });
});

test('lists come by comma, by repetition and as JSON', () => {
  assert.deepEqual(read(modelbreaches, 'did=1,2&did=3').values.did, [1, 2, 3]);
  assert.deepEqual(read(modelbreaches, 'pbid=4,').values.pbid, [4]);
  assert.equal(read(modelbreaches, 'pbid=4,').isSingle('pbid'), false);
  assert.equal(read(modelbreaches, 'pbid=4').isSingle('pbid'), true);
  assert.equal(read(modelbreaches, '').isSingle('pbid'), false);
  assert.deepEqual(read(startJob, '', '{"kind":"ingest","paths":["/a","/b"]}').values.paths, ['/a', '/b']);
  assert.deepEqual(read(metricdata, 'metric1=a&metric2=b').values.metric, ['a', 'b']);
});

test('times come in seconds, ms and as text; our own routes take ms alone', () => {
  assert.equal(read(modelbreaches, 'starttime=1700000000').values.starttime, 1_700_000_000_000);
  assert.equal(read(modelbreaches, 'starttime=1700000000000.5').values.starttime, 1_700_000_000_000.5);
  assert.equal(read(modelbreaches, 'starttime=2023-11-14T22:13:20Z').values.starttime, 1_700_000_000_000);
  assert.equal(read(modelbreaches, 'starttime=0').values.starttime, 0);
  assert.equal(read(modelbreaches, 'endtime=99999999999999999999').values.endtime, 7_258_118_400_000);
  assert.equal(read(modelbreaches, 'endtime=-5').values.endtime, 0);
  assert.equal(windowOf({ to: '9999-12-31' }).to, 7_258_118_400_000);
  assert.equal(read(uiSearch, 'from=1700000000').values.from, 1_700_000_000);
});

test('numbers and booleans come as text, also inside JSON', () => {
  assert.deepEqual(read(editDevice, '', '{"did":"5","priority":"-2","type":6,"label":null}').values, {
    did: 5,
    priority: -2,
    type: '6',
  });
  assert.deepEqual(read(devices, 'includetags=1').values, { includetags: true });
  assert.deepEqual(read(devices, 'includetags=No').values, { includetags: false });
});

test('what cannot be read is refused by name', () => {
  const refused = (expected: RegExp, ...given: Parameters<typeof read>) =>
    assert.throws(() => read(...given), expected);
  refused(/did/, modelbreaches, 'did=1,x');
  refused(/minscore must be >= 0/, modelbreaches, 'minscore=-1');
  refused(/starttime must be a time/, modelbreaches, 'starttime=later');
  refused(/did must be given/, editDevice, '', 'label=x');
  refused(/includetags/, devices, 'includetags=2');
  refused(/priority/, editDevice, '', 'did=1&priority=%20');
  refused(/JSON/, editDevice, '', '{"did":');
  refused(/object/, editDevice, '', '[1]');
});

test('of a query that nobody signed only responsedata counts', () => {
  const { values } = read(editDevice, 'priority=5&responsedata=x', '{"did":1}', true);
  assert.deepEqual(values, { did: 1 });
  assert.deepEqual(read(devices, 'did=1&responsedata=id', '', true).values, { responsedata: ['id'] });
});

test('names that objects have of themselves are no parameters', () => {
  assert.deepEqual(read(devices, '__proto__=1&constructor=2&toString=3').values, {});
});

test('a window is open where nothing is given', () => {
  assert.deepEqual(windowOf({}), {});
  assert.deepEqual(windowOf({ starttime: 5, to: '1970-01-02' }), { from: 5, to: 86_400_000 });
  assert.throws(() => windowOf({ from: 'x' }), /from/);
  assert.equal(dateOf('to', undefined), undefined);
});

test('only named parts of an answer are kept', () => {
  assert.deepEqual(keepNamed({ a: 1, b: 2 }, ['a', 'c']), { a: 1 });
  assert.deepEqual(keepNamed([{ a: 1 }, { b: 2 }], ['a']), [{ a: 1 }, {}]);
  assert.deepEqual(keepNamed({ a: 1 }, []), { a: 1 });
  assert.deepEqual(keepNamed([1], ['a']), [{}]);
});
