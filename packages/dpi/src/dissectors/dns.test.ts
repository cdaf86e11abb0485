import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dns } from '@thymus/core';
import type { Connection } from '../dissector.ts';
import { dns } from './dns.ts';
import { connection, hex, NOON, Stream, torture } from './harness.ts';

// id 1a2b, recursion desired, one question
const ASK = '1a2b 0100 0001 0000 0000 0000';
const QUESTION = '03777777 0161 00 001c 0001'; // www.a AAAA IN
const QUERY = `${ASK} ${QUESTION}`;
// id 1a2b, reply, authoritative, recursion available
const reply = (answers: string) => `1a2b 8580 0001 ${answers} 0000 0000 ${QUESTION}`;
const RR = (type: string, data: string) =>
  `c00c ${type} 0001 0000003c ${(data.replace(/\s/g, '').length / 2).toString(16).padStart(4, '0')} ${data}`;

/** Rows of datagrams: `>` from the originator, `<` back, one ms apart. */
function rows(messages: readonly string[], changes: Partial<Connection> = {}) {
  const told = connection(changes);
  const session = dns.open(told);
  for (const [i, message] of messages.entries()) {
    told.ts = NOON + i;
    session.feed(hex(message.slice(1)), message[0] === '>');
  }
  session.close?.();
  return { ...told, dns: told.records as Dns[] };
}

test('a query and its answer are one row', () => {
  const answer = RR('001c', '20010db8000000000000000000000001');
  const told = rows([`> ${QUERY}`, `< ${reply('0001')} ${answer}`]);
  assert.deepEqual(told.dns, [
    {
      kind: 'dns',
      ts: NOON,
      uid: 'C1',
      source_ip: '10.0.0.1',
      source_port: 40_000,
      dest_ip: '10.0.0.2',
      dest_port: 53,
      proto: 'udp',
      trans_id: 0x1a2b,
      rtt: 1,
      query: 'www.a',
      qtype: 28,
      qtype_name: 'AAAA',
      qclass: 1,
      qclass_name: 'C_INTERNET',
      rcode: 0,
      rcode_name: 'NOERROR',
      AA: true,
      TC: false,
      RD: true,
      RA: true,
      Z: 0,
      answers: ['2001:db8::1'],
      TTLs: [60_000],
      rejected: false,
      opcode: 0,
      opcode_name: 'query',
    },
  ]);
  assert.deepEqual([told.confirmed, told.weirds], [[''], []]);
});

test('names are lower case and follow pointers backwards', () => {
  const cname = RR('0005', '0142 c010'); // b.a, the label a stands at offset 16
  assert.deepEqual(rows([`> ${QUERY}`, `< ${reply('0001')} ${cname}`]).dns[0]?.answers, ['b.a']);
});

test('a pointer to itself or forwards is weird, not a loop', () => {
  const looped = rows([`> ${ASK} c00c 0001 0001`]);
  assert.deepEqual(looped.weirds, ['DNS_label_forward_compress_offset']);
  assert.equal(looped.dns[0]?.query, undefined);
});

test('a name that runs past the packet is weird, not a crash', () => {
  assert.deepEqual(rows([`> ${ASK} 3f777777`]).weirds, ['DNS_label_len_gt_pkt']);
});

test('a message shorter than its header makes no row', () => {
  const told = rows(['> 1a2b 0100']);
  assert.deepEqual([told.dns, told.weirds], [[], ['DNS_truncated_len_lt_hdr_len']]);
});

test('a reply without its query turns the connection round', () => {
  const told = rows([`> ${reply('0001')} ${RR('0001', '0a000009')}`]);
  assert.equal(told.flips, 1);
  const [row] = told.dns;
  assert.deepEqual([row?.source_ip, row?.dest_ip, row?.query], ['10.0.0.2', '10.0.0.1', 'www.a']);
  assert.deepEqual([row?.answers, row?.qtype, row?.rtt], [['10.0.0.9'], undefined, undefined]);
});

test('an unanswered query is written when the connection ends', () => {
  const [row] = rows([`> ${QUERY}`]).dns;
  assert.deepEqual([row?.query, row?.rcode, row?.rejected], ['www.a', undefined, false]);
});

test('a refusal without records is marked, a missing name with its SOA is not', () => {
  const refused = rows([`> ${QUERY}`, `< 1a2b 8105 0001 0000 0000 0000 ${QUESTION}`]).dns[0];
  assert.deepEqual([refused?.rcode_name, refused?.rejected], ['REFUSED', true]);
  const soa = RR('0006', '0161 00 0162 00 00000001 00000001 00000001 00000001 00000001');
  const missing = rows([`> ${QUERY}`, `< 1a2b 8103 0001 0000 0001 0000 ${QUESTION} ${soa}`]).dns[0];
  assert.deepEqual([missing?.rcode_name, missing?.rejected], ['NXDOMAIN', false]);
});

test('two queries with one number are answered in order', () => {
  const told = rows([`> ${QUERY}`, `> ${QUERY}`, `< ${reply('0000')}`, `< ${reply('0000')}`]);
  assert.deepEqual(
    told.dns.map((row) => row.ts - NOON),
    [0, 1],
  );
});

test('what is sent to a multicast group is never paired', () => {
  const told = rows([`> ${QUERY}`, `> ${reply('0001')} ${RR('0001', '0a000009')}`], {
    dest_ip: '224.0.0.251',
    dest_port: 5353,
  });
  assert.deepEqual(
    told.dns.map((row) => row.answers?.length ?? 0),
    [0, 1],
  );
  assert.equal(told.flips, 0);
});

test('a connection remembers at most 64 unanswered queries', () => {
  const told = connection();
  const session = dns.open(told);
  for (let i = 0; i < 70; i++)
    session.feed(hex(`${i.toString(16).padStart(4, '0')} 0100 0001 0000 0000 0000 ${QUESTION}`), true);
  assert.equal(told.records.length, 6);
});

test('a query is not waited for longer than a minute', () => {
  const told = connection();
  const session = dns.open(told);
  session.feed(hex(QUERY), true);
  told.ts = NOON + 61_000;
  session.feed(hex(`1a2c ${QUERY.slice(5)}`), true);
  assert.equal(told.records.length, 1);
});

const TEXTS: readonly [string, string, string][] = [
  ['0001', '7f000001', '127.0.0.1'],
  ['0002', '026e73 c010', 'ns.a'],
  ['0006', '016d 00 0172 00 00000001 00000002 00000003 00000004 00000005', 'm'],
  ['000d', '02 4341 02 4f53', 'HINFO CA OS'],
  ['000f', '000a 046d61696c c010', 'mail.a'],
  ['0010', '02 6869 03 796f75', 'TXT 2 hi TXT 3 you'],
  ['001d', '00 12 15 13 00000000 00000000 00000000', 'LOC:  18 21 19'],
  ['0021', '0001 0002 01bb 0161 00', 'a'],
  ['0023', '0064 0064 0173 0453495053 00 0162 00', 'NAPTR 100 100 s SIPS b'],
  ['0026', '40 0000000000000001 00', '::1'],
  ['002b', '1234 0502 aabb', 'DS 5 2'],
  ['002c', '0101 aabb', 'SSHFP: aabb'],
  ['002e', '0001 0502 00000000 00000000 00000000 0000 00 ff', 'RRSIG 1 <Root>'],
  ['002f', '0162 00 0006 400000000003', 'NSEC www.a b'],
  ['0030', '0100 03 08 aabb', 'DNSKEY 8'],
  ['0032', '01 00 0000 00', 'NSEC3'],
  ['0033', '01 00 0000 00', 'NSEC3PARAM'],
  ['0041', '0001 00', 'HTTPS 1 .'],
  ['0063', '02 7631', 'SPF 2 v1'],
  ['0101', '00 05 6973737565 6c65', 'CAA 0 issue le'],
  ['fffe', '0000000000', 'BIND9 signing signal'],
  ['2710', '00', '<unknown type=10000>'],
];

test('every type of answer has its text', () => {
  for (const [type, data, text] of TEXTS) {
    const told = rows([`> ${QUERY}`, `< ${reply('0001')} ${RR(type, data)}`]);
    assert.deepEqual(told.dns[0]?.answers, [text], text);
  }
});

test('an address of the wrong size is weird and no answer', () => {
  const told = rows([`> ${QUERY}`, `< ${reply('0001')} ${RR('0001', '7f0000')}`]);
  assert.deepEqual([told.dns[0]?.answers, told.weirds], [undefined, ['DNS_RR_length_mismatch']]);
});

test('a dynamic update lists conditions and changes once', () => {
  const zone = '0161 00 0006 0001';
  const condition = '0178 c00c 0005 00fe 00000000 0000'; // x.a has no CNAME
  const addition = 'c013 0001 0001 00000e10 0004 0a000005'; // x.a is 10.0.0.5
  const removal = 'c013 001c 00ff 00000000 0000';
  const body = `0001 0001 0002 0000 ${zone} ${condition} ${removal} ${addition}`;
  const told = rows([`> 0007 2800 ${body}`, `< 0007 a805 ${body}`]);
  const [row] = told.dns;
  assert.deepEqual(row?.answers, ['pre: NoRRSet CNAME x.a', 'del: RRSet AAAA', 'add: A x.a 10.0.0.5']);
  assert.deepEqual([row?.query, row?.opcode_name, row?.rcode_name], ['x.a', 'dynamic-update', 'REFUSED']);
  assert.deepEqual([row?.qtype, row?.rtt, row?.rejected], [undefined, 1, false]);
});

test('an operation that DNS does not have is weird', () => {
  assert.deepEqual(rows([`> 1a2b 7900 0001 0000 0000 0000 ${QUESTION}`]).weirds, ['DNS_unknown_opcode 15']);
});

test('a NetBIOS name is decoded', () => {
  // "FILESRV" padded with blanks, type 20
  const name = '20 4547 454a 454d 4546 4644 4643 4647 4341434143414341434143414341434143 41 00';
  const [row] = rows([`> 0001 0110 0001 0000 0000 0000 ${name} 0020 0001`], { dest_port: 137 }).dns;
  assert.deepEqual([row?.query, row?.qtype_name, row?.opcode_name], ['FILESRV', 'NB', 'netbios-query']);
});

test('the addresses behind a NetBIOS name are answers', () => {
  const name = `20 ${'4141'.repeat(15)} 4141 00`;
  const answer = `0001 8500 0000 0001 0000 0000 ${name} 0020 0001 00000e10 000c 6000 0a000001 6000 0a000002`;
  assert.deepEqual(rows([`> ${answer}`], { dest_port: 137 }).dns[0]?.answers, ['10.0.0.1 10.0.0.2']);
});

test('messages over TCP come in pieces', () => {
  const told = connection({ proto: 'tcp' });
  const session = dns.open(told);
  const [up, down] = [new Stream(session, true), new Stream(session, false)];
  const bytes = hex(`0017 ${QUERY}`);
  for (const byte of bytes) up.push(Uint8Array.of(byte));
  down.push(hex(`0017 ${reply('0000')}`));
  assert.deepEqual(
    (told.records as Dns[]).map((row) => [row.query, row.rcode]),
    [['www.a', 0]],
  );
});

test('DNS is found on its ports and, where a query is plain, on others', () => {
  assert.ok(dns.probe(hex(QUERY), true, 53) > 0.5);
  assert.ok(dns.probe(hex(QUERY), true, 9999) > 0.5);
  assert.ok(dns.probe(hex(`0017 ${QUERY}`), true, 53) > 0.5);
  assert.equal(dns.probe(hex('0017 1a'), true, 53), -1);
  assert.equal(dns.probe(hex('1603 0100 0501 0000 0103 0300 0000 0000'), true, 53), 0);
  assert.equal(dns.probe(hex(`${ASK} ff`), true, 9999), 0);
  assert.equal(dns.probe(hex(reply('0001')), true, 9999), 0);
});

test('damaged messages are borne', () => {
  const samples = TEXTS.map(([type, data]) => hex(`${reply('0001')} ${RR(type, data)}`));
  torture(dns, [...samples, hex(QUERY), hex(`0017 ${QUERY}`)], 3000);
});
