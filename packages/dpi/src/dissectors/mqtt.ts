/** MQTT: log-ins, publications and subscriptions. MQTT 3.1, 3.1.1 and 5.0; rows as Zeek's mqtt_connect.log, mqtt_publish.log, mqtt_subscribe.log. */
import { type MqttConnect, type MqttPublish, type MqttSubscribe, Reader } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { fieldText, latin1Text } from '../text.ts';
import { headOf } from './head.ts';
import { type Framing, Messages } from './messages.ts';
import { answerName, levelName, versionName } from './mqtt/names.ts';

/** Bytes of a payload in a record, Zeek's limit. */
const MOST_PAYLOAD = 100;
/** Bytes of a message that are looked at: a topic has at most 65,535. */
const MOST = 66_000;
/** Messages that wait for what confirms them, by kind. */
const MOST_PENDING = 1_000;
const MOST_TOPICS = 256;

const TYPE = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  auth: 15,
} as const;

/** The version that brought properties. */
const VERSION_5 = 5;

/** A number of 1 to 4 bytes, lowest first; NaN while it is not all there or where it is longer. */
function variable(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return { value: Number.NaN, next: 0 };
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return { value: Number.NaN, next: -1 };
}

const FRAMING: Framing = {
  header: 2,
  most: MOST,
  lengthOf(bytes, at) {
    const { value, next } = variable(bytes, at + 1);
    return Number.isNaN(value) ? next : next - at + value;
  },
};

/** A text with its length in two bytes in front. */
function text(r: Reader): string {
  return fieldText(r.take(r.u16()));
}

/** A publication and which of the messages that complete it were seen. */
interface Published {
  readonly row: MqttPublish;
  readonly level: number;
  isReceived: boolean;
  isReleased: boolean;
}

class MqttSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #client = new Messages(FRAMING, (message) => this.#message(message, true));
  readonly #server = new Messages(FRAMING, (message) => this.#message(message, false));
  readonly #published = new Map<number, Published>();
  readonly #subscribed = new Map<number, MqttSubscribe>();
  #isBroken = false;
  #isConfirmed = false;
  #version = 4;
  #login: MqttConnect | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const consumed = (fromOriginator ? this.#client : this.#server).feed(bytes);
    return this.#isBroken ? -1 : consumed;
  }

  gap(length: number, fromOriginator: boolean): void {
    if (!(fromOriginator ? this.#client : this.#server).gap(length)) this.done = true;
  }

  close(): void {
    if (this.#login) this.#connection.emit(this.#login);
    this.#login = undefined;
    this.#emitPublished();
    this.#emitSubscribed();
  }

  #message(message: Uint8Array, isClient: boolean): boolean {
    const type = message[0]! >> 4;
    const r = new Reader(message, variable(message, 1).next);
    if (type === TYPE.connect) this.#connect(r);
    else if (type === TYPE.connack) this.#connack(r);
    else if (type === TYPE.publish) this.#publish(message, r, isClient);
    else if (type === TYPE.subscribe || type === TYPE.unsubscribe)
      this.#subscribe(r, type === TYPE.subscribe);
    else if (type === TYPE.suback || type === TYPE.unsuback) this.#suback(r, type === TYPE.suback);
    else if (type >= TYPE.puback && type <= TYPE.pubcomp) this.#confirmed(type, r.u16());
    else if (type === 0 || (type === TYPE.auth && this.#version < VERSION_5)) r.bad = true;
    if (r.bad) this.#isBroken = true;
    return !this.#isBroken;
  }

  #connect(r: Reader): void {
    const proto_name = text(r);
    this.#version = r.u8();
    const flags = r.u8();
    r.skip(2);
    this.#skipProperties(r);
    const row: MqttConnect = {
      kind: 'mqtt_connect',
      ...headOf(this.#connection),
      proto_name,
      proto_version: versionName(this.#version),
      client_id: text(r),
    };
    if ((flags & 4) !== 0) {
      this.#skipProperties(r);
      row.will_topic = text(r);
      row.will_payload = text(r);
    }
    if (r.bad) return;
    this.#login = row;
    this.#confirm();
  }

  #connack(r: Reader): void {
    r.skip(1);
    const code = r.u8();
    if (r.bad) return;
    const row = this.#login ?? { kind: 'mqtt_connect', ...headOf(this.#connection) };
    this.#login = undefined;
    row.connect_status = answerName(code);
    this.#connection.emit(row);
    this.#confirm();
  }

  #publish(message: Uint8Array, r: Reader, isClient: boolean): void {
    const level = (message[0]! >> 1) & 3;
    const topic = text(r);
    const id = level > 0 ? r.u16() : 0;
    this.#skipProperties(r);
    const { value, next } = variable(message, 1);
    if (r.bad) return;
    const row: MqttPublish = {
      kind: 'mqtt_publish',
      ...headOf(this.#connection),
      from_client: isClient,
      retain: (message[0]! & 1) !== 0,
      qos: levelName(level),
      status: level === 0 ? 'ok' : 'incomplete_qos',
      topic,
      payload: fieldText(message, r.at, Math.min(message.length, r.at + MOST_PAYLOAD)),
      payload_len: next + value - r.at,
    };
    this.#confirm();
    if (level === 0) this.#connection.emit(row);
    else {
      if (this.#published.size >= MOST_PENDING) this.#emitPublished();
      this.#published.set(id, { row, level, isReceived: false, isReleased: false });
    }
  }

  /** Messages that complete a publication: one for level 1, three for level 2. */
  #confirmed(type: number, id: number): void {
    const published = this.#published.get(id);
    if (!published) return;
    if (type === TYPE.pubrec) published.isReceived = true;
    else if (type === TYPE.pubrel) published.isReleased = true;
    const isComplete =
      type === TYPE.puback
        ? published.level === 1
        : type === TYPE.pubcomp && published.isReceived && published.isReleased;
    if (!isComplete) return;
    this.#published.delete(id);
    this.#connection.emit({ ...published.row, status: 'ok' });
  }

  #subscribe(r: Reader, isBegin: boolean): void {
    const id = r.u16();
    this.#skipProperties(r);
    const topics: string[] = [];
    const levels: string[] = [];
    while (r.left > 0 && !r.bad && topics.length < MOST_TOPICS) {
      topics.push(text(r));
      if (isBegin) levels.push(String(r.u8() & 3));
    }
    if (r.bad) return;
    if (this.#subscribed.size >= MOST_PENDING) this.#emitSubscribed();
    this.#subscribed.set(id, {
      kind: 'mqtt_subscribe',
      ...headOf(this.#connection),
      action: isBegin ? 'MQTT::SUBSCRIBE' : 'MQTT::UNSUBSCRIBE',
      topics,
      qos_levels: isBegin ? levels : undefined,
      ack: false,
    });
  }

  #suback(r: Reader, isBegin: boolean): void {
    const id = r.u16();
    if (isBegin) this.#skipProperties(r);
    const granted = isBegin ? r.u8() : undefined;
    const row = this.#subscribed.get(id);
    if (r.bad || !row) return;
    this.#subscribed.delete(id);
    if (granted !== undefined) row.granted_qos_level = granted;
    this.#connection.emit({ ...row, ack: true });
  }

  #skipProperties(r: Reader): void {
    if (this.#version < VERSION_5) return;
    const { value, next } = variable(r.bytes, r.at);
    if (next > 0) r.skip(next - r.at + value);
    else r.bad = true;
  }

  #emitPublished(): void {
    for (const { row } of this.#published.values()) this.#connection.emit(row);
    this.#published.clear();
  }

  #emitSubscribed(): void {
    for (const row of this.#subscribed.values()) this.#connection.emit(row);
    this.#subscribed.clear();
  }

  #confirm(): void {
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
  }
}

const CONNECT = 0x10;

export const mqtt: Dissector = {
  name: 'mqtt',
  transports: ['tcp'],
  ports: [1883, 8883],
  begins: (first) => first === CONNECT,
  // A log-in names the protocol: MQTT, or MQIsdp before 3.1.1.
  probe(bytes, fromOriginator) {
    if (!fromOriginator || bytes[0] !== CONNECT) return 0;
    if (bytes.length < 12) return -1;
    const { next } = variable(bytes, 1);
    const name = next > 0 ? latin1Text(bytes, next, Math.min(bytes.length, next + 8)) : '';
    return name.startsWith('\0\x04MQTT') || name === '\0\x06MQIsdp' ? 1 : 0;
  },
  open: (connection) => new MqttSession(connection),
};
