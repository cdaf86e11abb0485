import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findIp, readdress } from './readdress.ts';

/** Destination, source, then the type. */
const ETHERNET = '020000000002 020000000001 ';
/** 10.1.2.3 to 192.0.2.9 over UDP, with right sums. */
const UDP = '0800 4500 0020 0001 0000 4011 0000 0a010203 c0000209 1388 0035 000c 0000 61626364';
/** 2001:db8::1 to 2001:db8::2 over TCP. */
const V6 =
  '86dd 60000000 0014 06 40 20010db8000000000000000000000001 20010db8000000000000000000000002 1388 01bb 00000001 00000000 5002 0400 0000 0000';

const frame = (text: string): Buffer => Buffer.from((ETHERNET + text).replaceAll(' ', ''), 'hex');

/** Ones' complement sum of 16-bit words, RFC 1071; 0xffff over data with a right checksum. */
function sumOf(...parts: Buffer[]): number {
  let sum = 0;
  for (const part of parts) for (let i = 0; i < part.length; i += 2) sum += part.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** The pseudo header and the segment: what the sum of a transport is over. */
function transportSum(b: Buffer): number {
  const { version, at, protocol, inner } = findIp(b, 0, b.length)!;
  const addresses = version === 4 ? b.subarray(at + 12, at + 20) : b.subarray(at + 8, at + 40);
  const tail = Buffer.alloc(4);
  tail.writeUInt16BE(b.length - inner, 0);
  tail.writeUInt16BE(protocol, 2);
  return sumOf(addresses, tail, b.subarray(inner));
}

/** A frame whose sums are right. */
function summed(text: string): Buffer {
  const b = frame(text);
  const { version, at, protocol, inner } = findIp(b, 0, b.length)!;
  if (version === 4) b.writeUInt16BE(~sumOf(b.subarray(at, inner)) & 0xffff, at + 10);
  b.writeUInt16BE(~transportSum(b) & 0xffff, inner + (protocol === 6 ? 16 : 6));
  return b;
}

const moved = (b: Buffer, network: number): Buffer => {
  const copy = Buffer.from(b);
  readdress(copy, findIp(copy, 0, copy.length)!, copy.length, network);
  return copy;
};

const addressesOf = (b: Buffer): string[] => {
  const { version, at } = findIp(b, 0, b.length)!;
  const [first, size] = version === 4 ? [at + 12, 4] : [at + 8, 16];
  return [b.toString('hex', first, first + size), b.toString('hex', first + size, first + 2 * size)];
};

test('both ends move into other networks, and all sums stay right', () => {
  for (const text of [UDP, V6]) {
    const before = summed(text);
    const seen = new Set<string>();
    for (let network = 1; network < 256; network++) {
      const after = moved(before, network);
      const { version, at, inner } = findIp(after, 0, after.length)!;
      if (version === 4) assert.equal(sumOf(after.subarray(at, inner)), 0xffff);
      assert.equal(transportSum(after), 0xffff);
      seen.add(addressesOf(after).join());
    }
    assert.equal(seen.size, 255);
    assert.deepEqual(moved(moved(before, 7), 7), before);
  }
  assert.deepEqual(addressesOf(moved(summed(UDP), 5)), ['0a010703', 'c0000709']);
});

test('addresses with a meaning of their own stay', () => {
  for (const address of ['ffffffff', 'e00000fb', '7f000001', 'a9fe0101', '00000000']) {
    const b = frame(UDP.replace('c0000209', address));
    assert.equal(addressesOf(moved(b, 9))[1], address);
  }
  const multicast = 'ff020000000000000000000000000001';
  const b = frame(V6.replace('20010db8000000000000000000000002', multicast));
  assert.equal(addressesOf(moved(b, 9))[1], multicast);
});

test('a UDP datagram without a sum gets none, a later fragment has none to change', () => {
  const unsummed = frame(UDP);
  assert.equal(moved(unsummed, 3).readUInt16BE(14 + 20 + 6), 0);
  const fragment = frame(UDP.replace('0001 0000 4011', '0001 0010 4011'));
  const after = moved(fragment, 3);
  assert.equal(findIp(after, 0, after.length)?.isLaterFragment, true);
  assert.deepEqual(after.subarray(34), fragment.subarray(34));
});

test('IP is found behind VLAN tags', () => {
  const tagged = frame(`8100 0064 88a8 0001 ${UDP}`);
  assert.equal(findIp(tagged, 0, tagged.length)?.at, 22);
});

test('frames of other kinds, and those that contradict themselves, are left alone', () => {
  for (const text of [
    '0806 0001 0800 0604 0001 020000000001 0a010203 000000000000 0a010204', // ARP
    UDP.replace('4500', '6500'), // version 6 under the type of 4
    UDP.replace('4500', '4400'), // a header shorter than can be
    UDP.replace('4500', '4f00'), // a header longer than the packet
    UDP.replace('0020', '0fff'), // a packet longer than the frame
    V6.slice(0, 60),
    '8100 0064',
    '',
  ]) {
    const b = frame(text);
    assert.equal(findIp(b, 0, b.length), undefined, text);
  }
});
