import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogRecord, MqttConnect, MqttPublish, MqttSubscribe } from '@thymus/core';
import { connection, hex, Stream, torture } from './harness.ts';
import { mqtt } from './mqtt.ts';

const text = (value: string): string =>
  value.length.toString(16).padStart(4, '0') + Buffer.from(value, 'latin1').toString('hex');

/** A message: its first byte and its content, with the length between. */
function message(first: string, content: string): Uint8Array {
  const bytes = hex(content);
  const low = bytes.length % 128;
  const high = Math.floor(bytes.length / 128);
  const length = high > 0 ? [low | 0x80, high] : [low];
  return new Uint8Array([...hex(first), ...length, ...bytes]);
}

const CONNECT = message('10', `${text('MQTT')} 04 02 003c ${text('sensor')}`);
const ACCEPTED = message('20', '0000');
const will = `${text('MQTT')} 04 06 003c ${text('sensor')} ${text('last')} ${text('gone')}`;
const publish = (first: string, id = ''): Uint8Array => message(first, `${text('a/b')} ${id} 6869`);

function talk(turns: readonly (readonly ['>' | '<', Uint8Array])[], isClosed = true) {
  const told = connection({ proto: 'tcp', dest_port: 1883 });
  const session = mqtt.open(told);
  const [client, server] = [new Stream(session, true), new Stream(session, false)];
  for (const [side, bytes] of turns) (side === '>' ? client : server).push(bytes);
  if (isClosed) session.close?.();
  return { ...told, session, isRefused: client.isRefused || server.isRefused };
}

const only = <T extends LogRecord>(records: readonly LogRecord[], kind: T['kind']): T[] =>
  records.filter((record): record is T => record.kind === kind);

test('a log-in tells who, with what, and the answer', () => {
  const { records, confirmed } = talk([
    ['>', message('10', will)],
    ['<', message('20', '0005')],
  ]);
  const [row] = only<MqttConnect>(records, 'mqtt_connect');
  assert.deepEqual(
    [row!.proto_name, row!.proto_version, row!.client_id, row!.connect_status],
    ['MQTT', '3.1.1', 'sensor', 'Refused: not authorized'],
  );
  assert.deepEqual([row!.will_topic, row!.will_payload, confirmed], ['last', 'gone', ['']]);
});

test('names that are not known say their number', () => {
  const { records } = talk([
    ['>', message('10', `${text('MQTT')} 07 02 003c 00 ${text('x')}`)],
    ['<', message('20', '0080')],
  ]);
  const [row] = only<MqttConnect>(records, 'mqtt_connect');
  assert.deepEqual(
    [row!.proto_version, row!.connect_status],
    ['unknown-version-7', 'unknown-return-code-128'],
  );
});

test('a log-in without an answer is told at the end, an answer alone at once', () => {
  assert.equal(talk([['>', CONNECT]]).records.length, 1);
  assert.equal(talk([['<', ACCEPTED]], false).records.length, 1);
});

test('a publication is complete when its level says so', () => {
  const seen = (turns: readonly (readonly ['>' | '<', Uint8Array])[]) =>
    only<MqttPublish>(talk(turns).records, 'mqtt_publish').map((row) => [
      row.from_client,
      row.retain,
      row.qos,
      row.status,
      row.topic,
      row.payload,
      row.payload_len,
    ]);
  assert.deepEqual(seen([['<', publish('31')]]), [[false, true, 'at most once', 'ok', 'a/b', 'hi', 2]]);
  const one = [['>', publish('32', '0007')]] as const;
  assert.equal(seen(one)[0]![3], 'incomplete_qos');
  assert.equal(seen([...one, ['<', message('40', '0007')]])[0]![3], 'ok');
  const two = [
    ['>', publish('34', '0008')],
    ['<', message('50', '0008')],
  ] as const;
  assert.equal(seen([...two, ['<', message('70', '0008')]])[0]![3], 'incomplete_qos');
  assert.equal(seen([...two, ['>', message('62', '0008')], ['<', message('70', '0008')]])[0]![3], 'ok');
});

test('of a long payload the first 100 bytes are told, and its whole length', () => {
  const long = message('30', text('t') + '78'.repeat(10_000));
  const [row] = only<MqttPublish>(talk([['>', long]]).records, 'mqtt_publish');
  assert.deepEqual([row!.payload.length, row!.payload_len], [100, 10_000]);
});

test('subscriptions have their topics, levels and answers', () => {
  const { records } = talk([
    ['>', message('82', `0001 ${text('a/#')} 01 ${text('b')} 02`)],
    ['<', message('90', '0001 01 02')],
    ['>', message('a2', `0002 ${text('b')}`)],
    ['<', message('b0', '0002')],
    ['>', message('82', `0003 ${text('c')} 00`)],
  ]);
  const rows = only<MqttSubscribe>(records, 'mqtt_subscribe').map((row) => [
    row.action,
    row.topics,
    row.qos_levels,
    row.granted_qos_level,
    row.ack,
  ]);
  assert.deepEqual(rows, [
    ['MQTT::SUBSCRIBE', ['a/#', 'b'], ['1', '2'], 1, true],
    ['MQTT::UNSUBSCRIBE', ['b'], undefined, undefined, true],
    ['MQTT::SUBSCRIBE', ['c'], ['0'], undefined, false],
  ]);
});

test('properties of version 5 are passed over', () => {
  const { records } = talk([
    ['>', message('10', `${text('MQTT')} 05 02 003c 05 1100000010 ${text('sensor')}`)],
    ['<', message('20', '0000 00')],
    ['>', message('30', `${text('t')} 02 0101 6869`)],
    ['>', message('f0', '0000')],
  ]);
  assert.equal(only<MqttConnect>(records, 'mqtt_connect')[0]!.proto_version, '5.0');
  assert.equal(only<MqttPublish>(records, 'mqtt_publish')[0]!.payload, 'hi');
});

test('not more than a thousand messages wait', () => {
  const many = Array.from({ length: 1_001 }, (_, i) => i.toString(16).padStart(4, '0'));
  const published = talk(
    many.map((id) => ['>', publish('32', id)] as const),
    false,
  );
  assert.equal(published.records.length, 1_000);
  const subscribed = talk(
    many.map((id) => ['>', message('82', `${id} ${text('t')} 00`)] as const),
    false,
  );
  assert.equal(subscribed.records.length, 1_000);
});

test('broken messages are refused', () => {
  for (const bad of ['00 00', '10 02 0004', '30 ff ff ff ff 7f', 'f0 00', '82 05 0001 000161'])
    assert.equal(talk([['>', hex(bad)]]).isRefused, true, bad);
});

test('only a log-in that names the protocol is likely', () => {
  assert.equal(mqtt.probe(CONNECT, true, 1), 1);
  assert.equal(mqtt.probe(message('10', `${text('MQIsdp')} 03 02 003c ${text('s')}`), true, 1), 1);
  assert.equal(mqtt.probe(CONNECT.subarray(0, 5), true, 1), -1);
  assert.equal(mqtt.probe(message('10', `${text('HTTP')} 04 02 003c ${text('s')}`), true, 1883), 0);
  assert.equal(mqtt.probe(CONNECT, false, 1883), 0);
});

test('a gap ends it', () => {
  const { session } = talk([['>', CONNECT]]);
  session.gap?.(5, true);
  assert.equal(session.done, true);
});

test('survives what is no MQTT', () => {
  const subscribe = message('82', `0001 ${text('a/#')} 01`);
  torture(mqtt, [CONNECT, message('10', will), ACCEPTED, publish('34', '0008'), subscribe], 300);
});
