import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DceRpc, Files, Ntlm, SmbFiles, SmbMapping } from '@thymus/core';
import type { OnDemand } from '../../dissector.ts';
import { connection, hex, NOON, Stream, torture } from '../harness.ts';
import { smb } from '../smb.ts';

const u16 = (n: number): string => Buffer.of(n & 255, n >> 8).toString('hex');
const u32 = (n: number): string => u16(n & 0xffff) + u16(n >>> 16);
const u64 = (n: number): string => u32(n) + u32(0);
const wide = (text: string): string => Buffer.from(text, 'utf16le').toString('hex');
const clean = (text: string): string => text.replace(/\s+/g, '');
const framed = (message: string): string => {
  const held = clean(message);
  return `00${(held.length / 2).toString(16).padStart(6, '0')}${held}`;
};

interface Header {
  id?: number;
  tree?: number;
  status?: number;
  next?: number;
}
const header = (
  command: number,
  isReply: boolean,
  { id = 1, tree = 5, status = 0, next = 0 }: Header = {},
): string =>
  `fe534d42 4000 0000 ${u32(status)} ${u16(command)} 0000 ${isReply ? '01' : '00'}000000 ${u32(next)} ${u64(id)} ${u32(0)} ${u32(tree)} ${u64(1)} ${'00'.repeat(16)}`;
const ask = (command: number, body: string, options?: Header): string =>
  clean(header(command, false, options) + body);
const answer = (command: number, body: string, options?: Header): string =>
  clean(header(command, true, options) + body);

const FILE = `${u64(7)}${u64(9)}`;
const CHAINED = 'ff'.repeat(16);
/** 2023-11-14 22:13:20 UTC, as 100 ns since 1601. */
const TIME = Buffer.alloc(8);
TIME.writeBigUInt64LE(BigInt(NOON) * 10_000n + 116_444_736_000_000_000n);
const TIMES = TIME.toString('hex').repeat(4);

const connect = (path: string): string =>
  ask(3, `0900 0000 ${u16(72)} ${u16(path.length * 2)} ${wide(path)}`, { tree: 0 });
const connected = (type: string): string => answer(3, `1000 ${type} 00 ${'00'.repeat(12)}`);
const create = (name: string, options: Header & { flags?: number } = {}): string =>
  ask(
    5,
    `3900 0000 ${'00'.repeat(36)} ${u32(options.flags ?? 0)} ${u16(120)} ${u16(name.length * 2)} ${u64(0)} ${wide(name)}`,
    { id: 2, ...options },
  );
const created = (size: number, options: Header = {}): string =>
  answer(5, `5900 0000 00000000 ${TIMES} ${u64(0)} ${u64(size)} ${u32(0)} ${u32(0)} ${FILE} ${u64(0)}`, {
    id: 2,
    ...options,
  });
const close = (file = FILE, options: Header = { id: 9 }): string =>
  ask(6, `1800 0000 00000000 ${file}`, options);
const write = (offset: number, data: string, length = data.length / 2): string =>
  ask(9, `3100 ${u16(112)} ${u32(length)} ${u64(offset)} ${FILE} ${'00'.repeat(16)} ${data}`, { id: 3 });
const read = (offset: number, id = 4): string =>
  ask(8, `3100 0000 ${u32(100)} ${u64(offset)} ${FILE} ${'00'.repeat(16)} 00`, { id });
const readReply = (data: string, id = 4): string =>
  answer(8, `1100 50ff ${u32(data.length / 2)} ${u32(0)} ${u32(0)} ${data}`, { id });
const setInfo = (kind: number, info: string, file = FILE, options: Header = { id: 6 }): string =>
  ask(
    17,
    `2100 01 ${kind.toString(16).padStart(2, '0')} ${u32(clean(info).length / 2)} ${u16(96)} 0000 00000000 ${file} ${info}`,
    options,
  );

const DISK = [`>${framed(connect('\\\\s\\share'))}`, `<${framed(connected('01'))}`];

function play(steps: string[], onDemand: readonly OnDemand[] = []) {
  const isWanted = (rows: OnDemand) => onDemand.includes(rows);
  const told = connection({ proto: 'tcp', dest_port: 445, isWanted });
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
    logins: of<Ntlm>('ntlm'),
    isRefused: streams['>'].isRefused || streams['<'].isRefused,
  };
}
const actions = (rows: SmbFiles[]) => rows.map(({ action, name }) => `${action} ${name}`);

test('shares and the opening of files are told', () => {
  const { mappings, rows } = play([...DISK, `>${framed(create('a\\b.txt'))}`, `<${framed(created(16))}`]);
  assert.deepEqual(
    mappings.map(({ path, share_type }) => [path, share_type]),
    [['\\\\s\\share', 'DISK']],
  );
  const [row] = rows;
  assert.deepEqual(
    [row?.action, row?.path, row?.name, row?.size, row?.times_modified],
    ['SMB::FILE_OPEN', '\\\\s\\share', 'a\\b.txt', 16, NOON],
  );
});

test('the same file opened again at once is told once, what was refused not at all', () => {
  const again = [`>${framed(create('x'))}`, `<${framed(created(1))}`];
  assert.equal(play([...DISK, ...again, ...again]).rows.length, 1);
  const refused = framed(answer(5, '0900 0000 00000000 00', { id: 2, status: 0xc000_0034 }));
  assert.deepEqual(play([...DISK, `>${framed(create('x'))}`, `<${refused}`]).rows, []);
});

test('renames and deletions are told, by disposition or when the handle is closed', () => {
  const rename = setInfo(10, `00${'00'.repeat(15)} ${u32(6)} ${wide('new')}`);
  const { rows } = play([
    ...DISK,
    `>${framed(create('old'))}`,
    `<${framed(created(0))}`,
    `>${framed(rename)}`,
    `>${framed(setInfo(13, '01'))}`,
    `>${framed(setInfo(13, '00'))}`,
    `>${framed(close())}`,
    `>${framed(create('doomed', { flags: 0x1000 }))}`,
    `<${framed(created(0))}`,
    `>${framed(close())}`,
  ]);
  assert.deepEqual(actions(rows), [
    'SMB::FILE_OPEN old',
    'SMB::FILE_RENAME new',
    'SMB::FILE_DELETE new',
    'SMB::FILE_OPEN doomed',
    'SMB::FILE_DELETE doomed',
  ]);
  assert.equal(rows[1]?.prev_name, 'old');
});

test('chained commands mean the file that the first of them opens', () => {
  const parts = [create('chained', { next: 136 }), close(CHAINED, { id: 3 })];
  const first = parts[0]!.padEnd(272, '0');
  const { rows } = play([...DISK, `>${framed(first + parts[1])}`, `<${framed(created(3))}`]);
  assert.deepEqual(actions(rows), ['SMB::FILE_OPEN chained']);
});

test('what is written is a file, put together from its writes', () => {
  const long = '25504446'.padEnd(4000, '41');
  const frame = framed(write(4_000, long));
  const { files, isRefused } = play([
    ...DISK,
    `>${framed(create('w.pdf'))}`,
    `<${framed(created(0))}`,
    `>${framed(write(0, '25504446'.padEnd(8000, '20')))}`,
    `>${frame.slice(0, 100)}`,
    `>${frame.slice(100, 700)}`,
    `>${frame.slice(700)}`,
    `>${framed(write(6_010, '4141'))}`,
    `>${framed(close())}`,
  ]);
  assert.equal(isRefused, false);
  assert.deepEqual(
    files.map(({ source, filename, seen_bytes, missing_bytes, is_orig }) => [
      source,
      filename,
      seen_bytes,
      missing_bytes,
      is_orig,
    ]),
    [['SMB', 'w.pdf', 6_002, 10, true]],
  );
});

test('what is read is a file, also if one handle reads its beginning and the next the rest', () => {
  const { files } = play([
    ...DISK,
    `>${framed(create('r.txt'))}`,
    `<${framed(created(8))}`,
    `>${framed(read(0))}`,
    `<${framed(readReply('41424344'))}`,
    `>${framed(close())}`,
    `>${framed(create('r.txt'))}`,
    `<${framed(created(8))}`,
    `>${framed(read(2, 5))}`,
    `<${framed(readReply('434445464748', 5))}`,
  ]);
  assert.deepEqual(
    files.map(({ seen_bytes, total_bytes, missing_bytes, is_orig }) => [
      seen_bytes,
      total_bytes,
      missing_bytes,
      is_orig,
    ]),
    [[8, 8, 0, false]],
  );
});

test('the first write and the first read by a handle are told on demand', () => {
  const steps = [
    ...DISK,
    `>${framed(create('x.exe'))}`,
    `<${framed(created(0))}`,
    `>${framed(write(0, '4d5a'))}`,
    `>${framed(write(2, '4d5a'))}`,
    `>${framed(read(0))}`,
    `<${framed(readReply('4d5a'))}`,
  ];
  assert.deepEqual(actions(play(steps).rows), ['SMB::FILE_OPEN x.exe']);
  assert.deepEqual(actions(play(steps, ['smb_writes', 'smb_reads']).rows), [
    'SMB::FILE_OPEN x.exe',
    'SMB::FILE_WRITE x.exe',
    'SMB::FILE_READ x.exe',
  ]);
});

test('missed bytes of a write are missing from the file, nothing else is lost', () => {
  const told = connection({ proto: 'tcp', dest_port: 445 });
  const session = smb.open(told);
  for (const step of [...DISK, `>${framed(create('g'))}`, `<${framed(created(0))}`]) {
    session.feed(hex(step.slice(1)), step[0] === '>');
  }
  session.feed(hex(framed(write(0, '41'.repeat(100)))).subarray(0, 150), true);
  session.gap?.(66, true);
  session.feed(hex(framed(write(100, '4242'))), true);
  session.close?.();
  const file = told.records.find((record): record is Files => record.kind === 'files');
  assert.deepEqual([file?.seen_bytes, file?.missing_bytes], [36, 66]);
});

const BIND = `05000b0310000000 4800 0000 01000000 d016d016 00000000 01000000 0000 0100 c84f324b7016d30112785a47bf6ee188 03000000 045d888aeb1cc9119fe808002b10486002000000`;
const CALL = `0500000310000000 2000 0000 01000000 00000000 0000 1500 0000000000000000`;
const REPLY = `0500020310000000 2000 0000 01000000 00000000 0000 0000 0000000000000000`;

test('remote procedures within pipes are read from writes, reads and transactions', () => {
  const transact = (data: string) =>
    ask(
      11,
      `3900 0000 17c01100 ${FILE} ${u32(120)} ${u32(clean(data).length / 2)} ${u32(0)} ${u32(0)} ${u32(0)} ${u32(0)} ${u32(1)} ${u32(0)} ${data}`,
      { id: 8 },
    );
  const transacted = (data: string) =>
    answer(
      11,
      `3100 0000 17c01100 ${FILE} ${u32(0)} ${u32(0)} ${u32(112)} ${u32(clean(data).length / 2)} ${u64(0)} ${data}`,
      { id: 8 },
    );
  const { calls, rows, confirmed } = play([
    `>${framed(connect('\\\\s\\IPC$'))}`,
    `<${framed(connected('02'))}`,
    `>${framed(create('srvsvc'))}`,
    `<${framed(created(0))}`,
    `>${framed(write(0, clean(BIND)))}`,
    `>${framed(transact(CALL))}`,
    `<${framed(transacted(REPLY))}`,
    `>${framed(write(0, clean(CALL)))}`,
    `>${framed(read(0))}`,
    `<${framed(readReply(clean(REPLY)))}`,
    `>${framed(close())}`,
  ]);
  assert.deepEqual(
    calls.map(({ named_pipe, endpoint, operation }) => [named_pipe, endpoint, operation]),
    [
      ['srvsvc', 'srvsvc', 'NetrServerGetInfo'],
      ['srvsvc', 'srvsvc', 'NetrServerGetInfo'],
    ],
  );
  assert.deepEqual(rows, []);
  assert.deepEqual(confirmed, ['', 'dce_rpc']);
});

test('a pipe is known by its name where the share was not seen, its calls may come in pieces', () => {
  const bind = clean(BIND);
  const { calls, rows } = play([
    `>${framed(create('srvsvc'))}`,
    `<${framed(created(0))}`,
    `>${framed(write(0, bind.slice(0, 60)))}`,
    `>${framed(write(0, bind.slice(60)))}`,
    `>${framed(write(0, clean(CALL)))}`,
    `>${framed(read(0))}`,
    `<${framed(readReply(clean(REPLY)))}`,
  ]);
  assert.deepEqual(
    calls.map(({ operation }) => operation),
    ['NetrServerGetInfo'],
  );
  assert.deepEqual(rows, []);
});

test('a share that was left is not known any more', () => {
  const { rows } = play([
    ...DISK,
    `>${framed(ask(4, '0400 0000'))}`,
    `>${framed(create('x'))}`,
    `<${framed(created(0))}`,
  ]);
  assert.deepEqual(
    rows.map(({ path }) => path),
    [undefined],
  );
});

test('files and shares are bounded', () => {
  const steps = Array.from({ length: 300 }, (_, i) => [
    `>${framed(connect(`s${i}`).replace(/0100000000000000/, u64(i)))}`,
    `>${framed(create(`f${i}`, { tree: i + 1 }))}`,
    `<${framed(created(0))}`,
    `>${framed(write(0, '41'))}`,
  ]).flat();
  const { rows, files } = play(steps);
  assert.equal(rows.length, 300);
  assert.ok(files.length >= 64);
});

test('files on printers are told as such', () => {
  const { rows } = play([
    DISK[0]!,
    `<${framed(connected('03'))}`,
    `>${framed(create('job'))}`,
    `<${framed(created(0))}`,
    `>${framed(close())}`,
  ]);
  assert.deepEqual(actions(rows), ['SMB::PRINT_OPEN job', 'SMB::PRINT_CLOSE job']);
});

test('a log-in by NTLM tells its user and whether it succeeded, one without a name once', () => {
  const messageOf = (type: string, user: string) =>
    `4e544c4d53535000 ${type}000000 ${'0000 0000 40000000'.repeat(3)} ${u16(user.length * 2)} ${u16(user.length * 2)} 40000000 ${'0000 0000 40000000'.repeat(2)} 01000000 ${wide(user)}`;
  const setup = (token: string) =>
    framed(
      ask(1, `1900 00 01 00000000 00000000 ${u16(88)} ${u16(clean(token).length / 2)} ${u64(0)} ${token}`),
    );
  const outcome = (status: number) => framed(answer(1, '0900 0000 4800 0000', { status }));
  const attempt = (user: string, status: number) => [
    `>${setup(messageOf('01', ''))}`,
    `<${outcome(0xc000_0016)}`,
    `>${setup(messageOf('03', user))}`,
    `<${outcome(status)}`,
  ];
  const { logins } = play([
    ...attempt('ann', 0xc000_006d),
    ...attempt('ann', 0),
    ...attempt('', 0xc000_006d),
    ...attempt('', 0xc000_006d),
  ]);
  assert.deepEqual(
    logins.map(({ username, success }) => [username, success]),
    [
      ['ann', false],
      ['ann', true],
      [undefined, false],
    ],
  );
});

test('bears everything', () => {
  const samples = [
    connect('\\\\s\\x'),
    connected('01'),
    connected('02'),
    create('file', { flags: 0x1000 }),
    created(5),
    write(0, clean(BIND)),
    read(0),
    readReply('41424344'),
    setInfo(10, `00${'00'.repeat(15)} ${u32(6)} ${wide('new')}`),
    close(),
  ];
  torture(
    smb,
    samples.map((sample) => hex(framed(sample))),
    500,
  );
});
