import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DceRpc, Files, SmbFiles, SmbMapping } from '@thymus/core';
import { connection, hex, NOON, Stream, torture } from '../harness.ts';
import { smb } from '../smb.ts';

const u16 = (n: number): string => Buffer.of(n & 255, n >> 8).toString('hex');
const u32 = (n: number): string => u16(n & 0xffff) + u16(n >>> 16);
const wide = (text: string): string => `${Buffer.from(text, 'utf16le').toString('hex')}0000`;
const narrow = (text: string): string => `${Buffer.from(text).toString('hex')}00`;
const clean = (text: string): string => text.replace(/\s+/g, '');
const framed = (message: string): string => {
  const held = clean(message);
  return `00${(held.length / 2).toString(16).padStart(6, '0')}${held}`;
};
const message = (command: string, isReply: boolean, body: string, flags2 = '0080'): string =>
  framed(
    `ff534d42 ${command} 00000000 ${isReply ? '80' : '00'} ${flags2} ${'00'.repeat(12)} 0100 0000 0000 0700 ${body}`,
  );
const ask = (command: string, body: string, flags2?: string): string =>
  `>${message(command, false, body, flags2)}`;
const answer = (command: string, body: string): string => `<${message(command, true, body)}`;

const ALONE = 'ff000000';
const TIME = Buffer.alloc(8);
TIME.writeBigUInt64LE(BigInt(NOON) * 10_000n + 116_444_736_000_000_000n);
const TIMES = TIME.toString('hex').repeat(4);

const connect = (path: string, service: string): string =>
  ask('75', `04 ${ALONE} 0000 0100 0000 00 ${wide(path)} ${narrow(service)}`);
const connected = (service: string, fileSystem = ''): string => {
  const held = narrow(service);
  const padding = (32 + 9 + held.length / 2) % 2 === 0 ? '' : '00';
  return answer('75', `03 ${ALONE} 0000 0000 ${held}${padding}${wide(fileSystem)}`);
};
const create = (name: string): string =>
  ask('a2', `18 ${ALONE} 00 ${u16(name.length * 2)} ${'00'.repeat(41)} 0000 00 ${wide(name)}`);
const created = (size: number): string =>
  answer(
    'a2',
    `22 ${ALONE} 00 0040 01000000 ${TIMES} ${u32(0)} ${u32(0)}${u32(0)} ${u32(size)}${u32(0)} 0000 0000 00 0000`,
  );
const close = ask('04', '03 0040 00000000 0000');

function play(steps: string[]) {
  const told = connection({ proto: 'tcp', dest_port: 139 });
  const session = smb.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  session.close?.();
  const of = <T>(kind: string): T[] => told.records.filter((record) => record.kind === kind) as T[];
  return {
    ...told,
    files: of<Files>('files'),
    rows: of<SmbFiles>('smb_files'),
    mappings: of<SmbMapping>('smb_mapping'),
    calls: of<DceRpc>('dce_rpc'),
  };
}

test('shares and files are told as in later versions', () => {
  const { mappings, rows } = play([
    connect('\\\\s\\share', '?????'),
    connected('A:', 'NTFS'),
    create('\\dir\\a.txt'),
    created(5),
    close,
  ]);
  assert.deepEqual(
    mappings.map(({ path, service, native_file_system, share_type }) => [
      path,
      service,
      native_file_system,
      share_type,
    ]),
    [['\\\\s\\share', 'A:', 'NTFS', 'DISK']],
  );
  assert.deepEqual(
    rows.map(({ action, name, size, times_created }) => [action, name, size, times_created]),
    [['SMB::FILE_OPEN', 'dir\\a.txt', 5, NOON]],
  );
});

test('reads and writes make files', () => {
  const write = (data: string) =>
    ask(
      '2f',
      `0e ${ALONE} 0040 00000000 00000000 0000 0000 0000 ${u16(data.length / 2)} ${u16(63)} 00000000 0000 ${data}`,
    );
  const read = ask('2e', `0c ${ALONE} 0040 00000000 0010 0000 00000000 0000 00000000 0000`);
  const reply = (data: string) =>
    answer(
      '2e',
      `0c ${ALONE} 0000 0000 0000 ${u16(data.length / 2)} ${u16(59)} 0000 ${'00'.repeat(8)} 0000 ${data}`,
    );
  const { files } = play([create('\\w'), created(0), write('41424344'), read, reply('4142'), close]);
  assert.deepEqual(
    files.map(({ is_orig, seen_bytes }) => [is_orig, seen_bytes]),
    [
      [true, 4],
      [false, 2],
    ],
  );
});

test('transactions with pipes carry remote procedures', () => {
  const BIND = clean(
    '05000b0310000000 4800 0000 01000000 d016d016 00000000 01000000 0000 0100 c84f324b7016d30112785a47bf6ee188 03000000 045d888aeb1cc9119fe808002b10486002000000',
  );
  const CALL = clean('0500000310000000 2000 0000 02000000 00000000 0000 1500 0000000000000000');
  const REPLY = clean('0500020310000000 2000 0000 02000000 00000000 0000 0000 0000000000000000');
  const transact = (data: string) =>
    ask(
      '25',
      `10 0000 ${u16(data.length / 2)} 0000 0004 00 00 0000 00000000 0000 0000 0000 ${u16(data.length / 2)} ${u16(67)} 02 00 2600 0040 0000 ${data}`,
    );
  const transacted = (data: string) =>
    answer(
      '25',
      `0a 0000 ${u16(data.length / 2)} 0000 0000 0000 0000 ${u16(data.length / 2)} ${u16(55)} 0000 00 00 0000 ${data}`,
    );
  const { calls } = play([
    connect('\\\\s\\IPC$', 'IPC'),
    connected('IPC'),
    create('\\srvsvc'),
    created(0),
    transact(BIND),
    transact(CALL),
    transacted(REPLY),
  ]);
  assert.deepEqual(
    calls.map(({ endpoint, operation }) => [endpoint, operation]),
    [['srvsvc', 'NetrServerGetInfo']],
  );
});

test('chains that do not advance or do not end are weird', () => {
  assert.deepEqual(play([ask('74', '02 74 00 2000 0000')]).weirds, ['smb_andx_offset_not_advancing']);
  const links = Array.from({ length: 14 }, (_, i) => `02 74 00 ${u16(32 + (i + 1) * 7)} 0000`);
  assert.deepEqual(play([ask('74', links.join(''))]).weirds, ['smb_andx_depth_exceeded']);
});

test('texts of one byte per character are read too', () => {
  const { mappings } = play([
    ask('75', `04 ${ALONE} 0000 0100 0000 00 ${narrow('\\\\s\\p')} ${narrow('LPT1:')}`, '0000'),
    connected('LPT1:'),
  ]);
  assert.deepEqual(
    mappings.map(({ path, share_type }) => [path, share_type]),
    [['\\\\s\\p', 'PRINT']],
  );
});

test('bears everything', () => {
  const samples = [connect('\\\\s\\x', 'IPC'), connected('IPC', 'FAT'), create('\\a'), created(3), close];
  torture(
    smb,
    samples.map((sample) => hex(sample.slice(1))),
    300,
  );
});
