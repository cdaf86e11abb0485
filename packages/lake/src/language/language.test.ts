import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ThymusError } from '@thymus/core';
import { patternText, type Query, type Value } from './ast.ts';
import { Binder } from './binder.ts';
import { compile } from './compile.ts';
import { parseQuery } from './parse.ts';

/** A tree as text that a reader can check by eye. */
function shown(query: Query): string {
  switch (query.type) {
    case 'all':
      return 'all';
    case 'not':
      return `not(${shown(query.item)})`;
    case 'match':
      return `${query.field === undefined ? '' : `${query.field}:`}${shownValue(query.value)}`;
    default:
      return `${query.type}(${query.items.map(shown).join(', ')})`;
  }
}

function shownValue(value: Value): string {
  if (value.type === 'exists') return 'exists';
  if (value.type === 'regex') return `regex ${value.source}`;
  if (value.type === 'term')
    return value.isQuoted ? `'${patternText(value.pattern)}'` : patternText(value.pattern);
  const { low = '*', high = '*', includesLow, includesHigh } = value;
  return `${includesLow ? '[' : '{'}${low}..${high}${includesHigh ? ']' : '}'}`;
}

const TREES: readonly (readonly [text: string, tree: string])[] = [
  ['', 'all'],
  ['  ', 'all'],
  ['*', '*'],
  ['google', 'google'],
  ['a b', 'and(a, b)'],
  ['a AND b OR c', 'or(and(a, b), c)'],
  ['a OR b AND c', 'or(a, and(b, c))'],
  ['a && b || !c', 'or(and(a, b), not(c))'],
  ['NOT a AND b', 'and(not(a), b)'],
  ['not a and b or c', 'or(and(not(a), b), c)'],
  ['+a -b', 'and(a, not(b))'],
  ['-proto:tcp', 'not(proto:tcp)'],
  ['(a OR b) AND c', 'and(or(a, b), c)'],
  ['host:(a OR "b c")', "or(host:a, host:'b c')"],
  ['host:(a -b)', 'and(host:a, not(host:b))'],
  ['host:"www.example.com"', "host:'www.example.com'"],
  ['success:”False”', "success:'False'"],
  ['“quoted words”', "'quoted words'"],
  ['@fields.host:www.*.co?', 'host:www.*.co?'],
  ['dest_port: 443', 'dest_port:443'],
  ['dest_port:[1 TO 1023]', 'dest_port:[1..1023]'],
  ['dest_port:{1 TO 1023]', 'dest_port:{1..1023]'],
  ['ts:["2026-03-01 10:00" TO *}', 'ts:[2026-03-01 10:00..*}'],
  ['orig_bytes:>5', 'orig_bytes:{5..*}'],
  ['orig_bytes:>=5', 'orig_bytes:[5..*}'],
  ['orig_bytes:(>5 AND <=10)', 'and(orig_bytes:{5..*}, orig_bytes:{*..10])'],
  ['_exists_:@fields.sha1', 'sha1:exists'],
  ['_exists_:"@fields.sha1"', 'sha1:exists'],
  ['_missing_:host', 'not(host:exists)'],
  ['uri:/\\/login\\.(php|asp)/', 'uri:regex /login\\.(php|asp)'],
  ['uri:/login/form', 'uri:/login/form'],
  ['source_ip:2001:db8::1', 'source_ip:2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:db8::/32 OR 10.0.0.0/8', 'or(2001:db8::/32, 10.0.0.0/8)'],
  ['id.orig_h:10.0.*', 'id.orig_h:10.0.*'],
  ['path:\\\\\\\\files\\\\share', 'path:\\\\files\\share'],
  ['ANDROID notes', 'and(ANDROID, notes)'],
];

for (const [text, tree] of TREES) {
  test(`"${text}" reads as ${tree}`, () => assert.equal(shown(parseQuery(text)), tree));
}

/** Where each kind is read, values filled in for the reader. */
function compiled(text: string): Map<string, string | true> {
  const bind = new Binder();
  const fill = (sql: string) =>
    sql.replace(/\{(p\d+):\w+\}/g, (_, name: string) => JSON.stringify(bind.params[name]));
  const kinds = compile(parseQuery(text), bind);
  return new Map(kinds.map(({ kind, where }) => [kind, where === true ? true : fill(where)]));
}

const SQL: readonly (readonly [text: string, kind: string, sql: string | true])[] = [
  ['@type:conn', 'conn', true],
  ['@type:conn AND @fields.resp_ip_bytes:0', 'conn', 'ifNull(`resp_ip_bytes` = 0, 0)'],
  [
    '@type:conn AND @fields.proto:tcp AND NOT @fields.conn_state:ShA*',
    'conn',
    '(lower(`proto`) = "tcp") AND (NOT ((`conn_state` ILIKE "ShA%") OR (`history` LIKE "ShA%")))',
  ],
  ['@type:kerberos', 'kerberos', true],
  ['@type:kerberos AND @fields.success:”False”', 'kerberos', 'ifNull(`success` = false, 0)'],
  ['@type:http @type:http AND @fields.host:www.google.*', 'http', '`host` ILIKE "www.google.%"'],
  ['@type:ssl', 'ssl', true],
  ['@fields.dest_port:445', 'conn', '`dest_port` = 445'],
  ['@fields.dest_port:"445"', 'conn', '`dest_port` = 445'],
  ['@type:dhcp', 'dhcp', true],
  ['@type:notice', 'notice', true],
  ['@type:"ssl"', 'ssl', true],
  ['source_ip:10.0.0.7', 'conn', '`source_ip` IN (toIPv6("10.0.0.7"))'],
  [
    'id.orig_h:10.0.*',
    'conn',
    '(toUInt128(`source_ip`) >= toUInt128(toIPv6("10.0.0.0"))) AND (toUInt128(`source_ip`) <= toUInt128(toIPv6("10.0.255.255")))',
  ],
  ['uid:CabcXYZ', 'conn', '`uid` = "CabcXYZ"'],
  ['host:WWW.Example.COM', 'http', 'lower(`host`) = "www.example.com"'],
  ['query:ÉCOLE', 'dns', 'lowerUTF8(`query`) = "école"'],
  ['host:100%_sure*', 'http', '`host` ILIKE "100\\\\%\\\\_sure%"'],
  ['@fields.duration:>1.5', 'conn', 'ifNull(`duration` > 1500000, 0)'],
  ['duration:{0.1 TO 2]', 'conn', 'ifNull((`duration` > 100000) AND (`duration` <= 2000000), 0)'],
  ['host:/w+\\.x/', 'http', 'match(`host`, "(?i)^(?:w+\\\\.x)$")'],
  ['principal_name:admin', 'kerberos', `lower(replaceRegexpOne(\`client\`, '[/@][^/@]*$', '')) = "admin"`],
  ['answers:192.0.2.*', 'dns', 'arrayExists(x -> x ILIKE "192.0.2.%", `answers`)'],
  ['_exists_:host', 'http', "`host` != ''"],
  ['host:*', 'http', "`host` != ''"],
  ['_exists_:orig_bytes', 'conn', '`orig_bytes` IS NOT NULL'],
  ['AA:true', 'dns', '`AA` = true'],
  ['dest_port:44*', 'conn', 'toString(`dest_port`) LIKE "44%"'],
  ['asn:64512', 'conn', '`asn` = 64512'],
  ['port:53', 'conn', '(`source_port` = 53) OR (`dest_port` = 53)'],
  ['CERTIFICATE.SUBJECT:*example*', 'x509', '`certificate_subject` ILIKE "%example%"'],
  ['10.1.2.3', 'conn', '(`source_ip` IN (toIPv6("10.1.2.3"))) OR (`dest_ip` IN (toIPv6("10.1.2.3")))'],
  [
    'ts:2026-03-01',
    'conn',
    "(`ts` >= fromUnixTimestamp64Micro(1772323200000000, 'UTC')) AND (`ts` < fromUnixTimestamp64Micro(1772409600000000, 'UTC'))",
  ],
  ['@timestamp:>2026-03', 'conn', "`ts` >= fromUnixTimestamp64Micro(1775001600000000, 'UTC')"],
  ['ts:<=1772323200', 'conn', "`ts` < fromUnixTimestamp64Micro(1772323201000000, 'UTC')"],
];

for (const [text, kind, sql] of SQL) {
  test(`"${text}" asks ${kind} for ${sql}`, () => assert.equal(compiled(text).get(kind), sql));
}

test('a type picks its table alone', () => {
  assert.deepEqual([...compiled('@type:dns').keys()], ['dns']);
  assert.deepEqual([...compiled('@type:smb_*').keys()], ['smb_mapping', 'smb_files']);
  assert.deepEqual([...compiled('@type:files_identified').keys()], ['files']);
  assert.deepEqual([...compiled('@type:(http OR ssl)').keys()], ['http', 'ssl']);
});

test('without a type, kinds that lack the field are not read', () => {
  assert.deepEqual([...compiled('@fields.sha1:abc').keys()], ['files']);
  assert.deepEqual([...compiled('conn_state:SF').keys()], ['conn']);
  assert.ok(compiled('dest_port:445').has('http'));
});

test('updates of open connections and metrics answer only where they are asked for by name', () => {
  for (const text of ['*', 'proto:tcp', '@type:*', 'NOT @type:conn_update', '@type:conn*']) {
    assert.ok(!compiled(text).has('conn_update'), text);
  }
  assert.deepEqual([...compiled('@type:conn_update').keys()], ['conn_update']);
  assert.deepEqual([...compiled('@type:(conn OR conn_update)').keys()], ['conn', 'conn_update']);
});

test('a word without a field is looked for inside all texts', () => {
  assert.equal(compiled('evil').get('notice'), '(`msg` ILIKE "%evil%") OR (`sub` ILIKE "%evil%")');
  assert.ok(!compiled('evil').has('conn'), 'conn has no texts');
});

test('what a kind cannot match folds away', () => {
  assert.equal(compiled('proto:tcp OR *').get('conn'), true);
  assert.equal(compiled('@type:http AND conn_state:SF').size, 0);
});

const REFUSED: readonly (readonly [text: string, message: RegExp])[] = [
  ['(a OR b', /A bracket is not closed \(position 1\)/],
  ['a)', /never opened \(position 2\)/],
  ['host:"abc', /quote is not closed \(position 6\)/],
  ['host:', /value is missing after host: \(position 6\)/],
  ['a AND', /ends where a term is expected \(position 6\)/],
  ['AND a', /term is expected here \(position 1\)/],
  ['a OR OR b', /position 6/],
  ['port:[1 5]', /\[low TO high\].*\(position 6\)/],
  ['port:1]', /position 7/],
  ['@fields.hots:x', /"hots"; did you mean host\? \(position 1\)/],
  ['a AND sorce_ip:1.2.3.4', /did you mean source_ip\? \(position 7\)/],
  ['_exists_:nonsense_field', /No field is named "nonsense_field"/],
  ['@type:con', /did you mean conn\? \(position 7\)/],
  ['dest_port:abc', /dest_port: expects a number \(position 11\)/],
  ['source_ip:example', /expects an address/],
  ['success:maybe', /expects true or false/],
  ['ts:yesterday', /expects a date/],
  ['ts:2026-02-31', /expects a date/],
  ['duration:long', /number of seconds/],
  ['roam~0.8', /~ and \^/],
  ['>5', /A range needs a field/],
  ['http://example.com/x', /quotes|No field/],
  [`${'('.repeat(60)}a${')'.repeat(60)}`, /nested too deeply/],
  [Array(300).fill('a').join(' OR '), /at most 256 terms/],
  ['x'.repeat(20_001), /at most 20000 characters/],
  ['NOT '.repeat(5_000), /nested too deeply/],
];

for (const [text, message] of REFUSED) {
  test(`"${text.slice(0, 40)}" is refused with the place and the reason`, () => {
    assert.throws(
      () => compiled(text),
      (error) => error instanceof ThymusError && error.code === 'BAD_QUERY' && message.test(error.message),
    );
  });
}

const HOSTILE = [
  "x' OR 1=1 --",
  "'; DROP TABLE ev_conn; --",
  '{p0:String}',
  '\\',
  '\0\n\t',
  "file('/etc/passwd')",
  '`uid`',
  ') SETTINGS readonly=0 --',
];

for (const value of HOSTILE) {
  test(`the value ${JSON.stringify(value)} stays data`, () => {
    const text = `host:"${value.replace(/[\\"]/g, '\\$&')}" OR "${value.replace(/[\\"]/g, '\\$&')}"`;
    const bind = new Binder();
    for (const { where } of compile(parseQuery(text), bind)) {
      assert.ok(where !== true && !where.replace(/\{p\d+:String\}/g, '').includes(value), String(where));
    }
    assert.ok(Object.values(bind.params).includes(value.toLowerCase()));
  });
}

test('random text is read or refused, and nothing else happens', () => {
  const pieces = [
    '(',
    ')',
    '[',
    '}',
    '"',
    '”',
    ':',
    '*',
    '?',
    '\\',
    '/',
    ' TO ',
    ' AND ',
    '-',
    '!',
    '>',
    'a',
    'host',
    '5',
    '~',
    '@type',
  ];
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
  for (let i = 0; i < 5_000; i++) {
    const text = Array.from({ length: next() % 12 }, () => pieces[next() % pieces.length]).join('');
    try {
      compiled(text);
    } catch (error) {
      assert.ok(error instanceof ThymusError && error.code === 'BAD_QUERY', `${text}: ${error}`);
    }
  }
});
