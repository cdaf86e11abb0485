/** MQTT: who connects, publishes and subscribes. Zeek's mqtt_connect.log, mqtt_publish.log and mqtt_subscribe.log. */
import { bool, category, count, optional, record, string, strings } from '../schema.ts';
import { head } from './head.ts';

export const mqttConnect = record('mqtt_connect', 1, 'One row per MQTT log-in.', {
  ...head,
  proto_name: optional(category('Name of the protocol that the client sent.')),
  proto_version: optional(category('Version of the protocol.')),
  client_id: optional(string('Identity of the client.', { text: true })),
  connect_status: optional(category("The server's answer.")),
  will_topic: optional(string('Topic of the message that the server shall publish when the client is lost.')),
  will_payload: optional(string('That message.')),
});

export const mqttPublish = record('mqtt_publish', 1, 'One row per published MQTT message.', {
  ...head,
  from_client: bool('The client of this connection sent it; otherwise the server passed it on.'),
  retain: bool('The server shall keep it for later subscribers.'),
  qos: category('Level of delivery.'),
  status: category('ok, or incomplete_qos if the messages that confirm it were not all seen.'),
  topic: string('Topic.', { text: true }),
  payload: string('The message, its first 100 bytes.', { text: true }),
  payload_len: count('Bytes of the whole message.'),
});

export const mqttSubscribe = record('mqtt_subscribe', 1, 'One row per MQTT subscription or its end.', {
  ...head,
  action: category('MQTT::SUBSCRIBE or MQTT::UNSUBSCRIBE.', { zeekType: 'enum' }),
  topics: strings('Topics, or patterns of them.', { zeekType: 'vector[string]' }),
  qos_levels: optional(strings('Level of delivery asked for, by topic.', { zeekType: 'vector[count]' })),
  granted_qos_level: optional(count('Level of delivery that the server granted.')),
  ack: bool('The server confirmed it.'),
});
