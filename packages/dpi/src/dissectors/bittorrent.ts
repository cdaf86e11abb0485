/** BitTorrent: recognised by handshakes of peers, messages of the DHT, UDP trackers, local discovery and uTP. BEP 3, 5, 14, 15, 29. */
import { latin1Text } from '../text.ts';
import { isEqualPart, recognise, u32At } from './recognition.ts';

const HANDSHAKE = '\x13BitTorrent protocol';
const DISCOVERY = 'BT-SEARCH * HTTP/1.1\r\n';
/** A query, a reply or an error of the DHT; newer nodes put the address of the asker in front of it. */
const DHT = /^d(?:2:ip(?:6:|18:)|1:[ar]d2:id20:|1:eli\d{3}e)/;
const MOST_HEAD = 24;

/** First half of the constant that every connection to a UDP tracker begins with, and the other half. */
const TRACKER_HIGH = 0x417;
const TRACKER_LOW = 0x27101980;

const UTP_HEADER = 20;
/** Kind and version of uTP: SYN and STATE of version 1. */
const UTP_SYN = 0x41;
const UTP_STATE = 0x21;

const isTrackerRequest = (bytes: Uint8Array): boolean =>
  bytes.length >= 16 &&
  u32At(bytes, 0) === TRACKER_HIGH &&
  u32At(bytes, 4) === TRACKER_LOW &&
  u32At(bytes, 8) === 0;

/** The first packet of uTP: no time difference yet, sequence number 1, nothing to acknowledge. */
const isUtpSyn = (bytes: Uint8Array): boolean =>
  bytes.length >= UTP_HEADER &&
  bytes[0] === UTP_SYN &&
  bytes[1]! <= 2 &&
  u32At(bytes, 8) === 0 &&
  bytes[16] === 0 &&
  bytes[17] === 1;

export const bittorrent = recognise({
  name: 'bittorrent',
  transports: ['tcp', 'udp'],
  ports: [6881],
  begins: (first) => first === 0x13 || first === 0x64 || first === 0 || first === UTP_SYN || first === 0x42,
  asks(bytes) {
    if (bytes.length < 4) return 0;
    if (bytes[0] === 0) return isTrackerRequest(bytes) ? 1 : 0;
    if (bytes[0] === UTP_SYN) return isUtpSyn(bytes) ? 0.4 : 0;
    const head = latin1Text(bytes, 0, Math.min(bytes.length, MOST_HEAD));
    if (bytes[0] === 0x13 && bytes.length < HANDSHAKE.length) return HANDSHAKE.startsWith(head) ? -1 : 0;
    return head.startsWith(HANDSHAKE) || DHT.test(head) || head.startsWith(DISCOVERY) ? 1 : 0;
  },
  // The other end of uTP takes over the identity and acknowledges the sequence number.
  answers: (bytes, asked) =>
    asked[0] === UTP_SYN &&
    bytes[0] === UTP_STATE &&
    isEqualPart(bytes, 2, asked, 2, 2) &&
    isEqualPart(bytes, 18, asked, 16, 2),
});
