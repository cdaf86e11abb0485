import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dissector } from '../dissector.ts';
import { bittorrent } from './bittorrent.ts';
import { finger } from './finger.ts';
import { ascii, connection, hex, Stream, torture } from './harness.ts';
import { openvpn } from './openvpn.ts';
import { rdpeudp } from './rdpeudp.ts';
import { rlogin } from './rlogin.ts';
import { telnet } from './telnet.ts';
import { whois } from './whois.ts';
import { wireguard } from './wireguard.ts';

/** True if a conversation is named: it is probed for, and confirmed at its end. */
function isNamed(
  dissector: Dissector,
  asked: Uint8Array,
  answer: Uint8Array | undefined,
  port = 9_999,
): boolean {
  if (dissector.begins?.(asked[0]!) === false || dissector.probe(asked, true, port) <= 0) return false;
  const told = connection({ proto: dissector.transports[0]!, dest_port: port });
  const session = dissector.open(told);
  new Stream(session, true).push(asked);
  new Stream(session, true).push(asked);
  if (answer) new Stream(session, false).push(answer);
  return told.confirmed.length > 0;
}

const zeros = (n: number): string => '00'.repeat(n);
const INITIATION = hex(`01000000 0a0b0c0d ${zeros(140)}`);
const PLAIN_RESET = hex(`38 1122334455667788 00 00000000`);
const SYN = hex(`ffffffff 0040 1801 a7eb5da4 ${zeros(8)}`);
const UTP_SYN = hex(`41 00 1234 00112233 00000000 00010000 0001 0000`);

test('telnet negotiates options', () => {
  assert.ok(isNamed(telnet, hex('ff fd 18 ff fd 20'), undefined));
  assert.ok(isNamed(telnet, hex('ff fd 18 61'), undefined, 23));
  assert.ok(isNamed(telnet, hex('ff fb 01 ff fa 18 01'), undefined));
  assert.ok(!isNamed(telnet, hex('ff fd 18 61'), undefined));
  assert.ok(!isNamed(telnet, hex('ff fd 40 ff fd 20'), undefined));
  assert.ok(!isNamed(telnet, hex('ff fa 40 01'), undefined));
  assert.deepEqual(
    [hex('ff'), hex('00'), hex('ff d8 ff')].map((b) => telnet.probe(b, true, 23)),
    [-1, 0, 0],
  );
});

test('rlogin begins with names and a terminal', () => {
  assert.ok(isNamed(rlogin, ascii('\0me\0root\0xterm/38400\0'), undefined));
  assert.ok(!isNamed(rlogin, ascii('\0me\0root\0xterm\0'), undefined));
  assert.deepEqual([rlogin.probe(hex('00'), true, 513), rlogin.probe(hex('00'), true, 80)], [-1, 0]);
  assert.equal(rlogin.probe(ascii('\0me\0root\0xterm/38400\0'), false, 513), 0);
});

test('finger and whois are told by what they answer', () => {
  assert.ok(isNamed(finger, ascii('root\r\n'), ascii('Login: root   Name: root\r\n'), 79));
  assert.ok(!isNamed(finger, ascii('root\r\n'), ascii('root\r\n'), 79));
  assert.ok(!isNamed(finger, ascii('root\r\n'), ascii('Login: root\r\n'), 80));
  assert.ok(isNamed(whois, ascii('example.org\r\n'), ascii('Domain Name: EXAMPLE.ORG\r\n'), 43));
  assert.ok(!isNamed(whois, ascii('example.org\r\n'), ascii('220 hello\r\n'), 43));
  assert.ok(!isNamed(whois, ascii('example.org\r\n'), ascii('% none\r\n'), 80));
});

test('BitTorrent: peers, DHT, trackers, discovery, uTP', () => {
  assert.ok(isNamed(bittorrent, ascii(`\x13BitTorrent protocol${'\0'.repeat(8)}`), undefined));
  assert.ok(isNamed(bittorrent, ascii('d1:ad2:id20:01234567890123456789e1:q4:ping'), undefined));
  assert.ok(isNamed(bittorrent, ascii('d2:ip6:123456d1:rd2:id20:'), undefined));
  assert.ok(isNamed(bittorrent, hex('00000417 27101980 00000000 01020304'), undefined));
  assert.ok(isNamed(bittorrent, ascii('BT-SEARCH * HTTP/1.1\r\nHost: x'), undefined));
  assert.ok(isNamed(bittorrent, UTP_SYN, hex(`21 00 1234 ${zeros(12)} 0777 0001`)));
  assert.ok(!isNamed(bittorrent, UTP_SYN, hex(`21 00 1235 ${zeros(12)} 0777 0001`)));
  assert.ok(!isNamed(bittorrent, UTP_SYN, undefined));
  assert.ok(!isNamed(bittorrent, ascii('d8:announce3:abc'), undefined));
  assert.ok(!isNamed(bittorrent, hex('00000417 27101981 00000000 01020304'), undefined));
  assert.deepEqual(
    [bittorrent.probe(ascii('\x13BitT'), true, 1), bittorrent.probe(hex('13'), true, 1)],
    [-1, 0],
  );
});

test('WireGuard: the answer names the index of the asker', () => {
  assert.ok(isNamed(wireguard, INITIATION, hex(`02000000 01020304 0a0b0c0d ${zeros(80)}`)));
  assert.ok(isNamed(wireguard, INITIATION, hex(`03000000 0a0b0c0d ${zeros(56)}`)));
  assert.ok(!isNamed(wireguard, INITIATION, hex(`02000000 01020304 0a0b0c0e ${zeros(80)}`)));
  assert.ok(!isNamed(wireguard, INITIATION, hex(`04000000 ${zeros(60)}`)));
  assert.ok(!isNamed(wireguard, hex(`01000001 ${zeros(144)}`), undefined));
});

test('OpenVPN: resets of both ends, plain, signed, encrypted, framed by TCP', () => {
  const answer = hex(`40 8877665544332211 01 00000000 1122334455667788 00000000`);
  assert.ok(isNamed(openvpn, PLAIN_RESET, answer));
  assert.ok(
    isNamed(openvpn, hex(`38 1122334455667788 ${'ab'.repeat(20)} 00000001 65000000 00 00000000`), answer),
  );
  assert.ok(isNamed(openvpn, hex(`50 1122334455667788 00000001 65000000 ${'ab'.repeat(37)}`), answer));
  assert.ok(
    isNamed(
      openvpn,
      hex('000e 38 1122334455667788 00 00000000'),
      hex(`001a 40 8877665544332211 ${zeros(17)}`),
    ),
  );
  assert.ok(!isNamed(openvpn, PLAIN_RESET, hex(`41 8877665544332211 ${zeros(17)}`)));
  assert.ok(!isNamed(openvpn, PLAIN_RESET, undefined));
  assert.ok(!isNamed(openvpn, hex(`38 ${zeros(13)}`), answer));
  assert.ok(!isNamed(openvpn, hex(`38 1122334455667788 ${'ab'.repeat(20)}`), answer));
});

test('RDP over UDP: the answer acknowledges the first number', () => {
  assert.ok(isNamed(rdpeudp, SYN, hex(`a7eb5da4 0040 1005 0547d72b ${zeros(8)}`)));
  assert.ok(!isNamed(rdpeudp, SYN, hex(`a7eb5da5 0040 1005 0547d72b ${zeros(8)}`)));
  assert.ok(!isNamed(rdpeudp, SYN, undefined));
  assert.ok(!isNamed(rdpeudp, hex('ffffffff 0040 1805 a7eb5da4'), undefined));
});

test('all of them bear anything', () => {
  const samples = [
    INITIATION,
    PLAIN_RESET,
    SYN,
    UTP_SYN,
    hex('ff fd 18'),
    ascii('root\r\n'),
    ascii('d1:ad2:id20:x'),
  ];
  for (const one of [bittorrent, finger, openvpn, rdpeudp, rlogin, telnet, whois, wireguard]) {
    torture(one, samples, 100);
  }
});
