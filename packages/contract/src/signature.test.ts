import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { parseApiDate } from './api-date.ts';
import {
  equalInConstantTime,
  type Hmac,
  isDateValid,
  type SignedRequest,
  sign,
  verify,
} from './signature.ts';

const hmac: Hmac = (key, message) => createHmac('sha1', key).update(message).digest('hex');

const PUBLIC = '3f9c1d7a5b2e4860f1a2b3c4d5e6f70812345678';
const PRIVATE = 'a0b1c2d3e4f5061728394a5b6c7d8e9f01234567';
const DATE = '2025-06-01 12:00:00';

const GUIDE_TOKEN = '2485df5aaa4278ed80a133e91ae58c5ccccb7862';
const GUIDE_KEY = '417f88cedddd679e76cdf4eb0a3ef3d99a99f203';
const GUIDE_DATE = '2018-01-01 12:00:00';
const GUIDE_REQUEST =
  '/modelbreaches?includeacknowledged=true&includesuppressed=true&starttime=1514808000000&endtime=1514808060000';

const SEARCH =
  '/advancedsearch/api/search/eyJzZWFyY2giOiJAdHlwZTpjb25uPz8/Pj5+fiIsImZpZWxkcyI6W10sIm9mZnNldCI6MCwidGltZWZyYW1lIjoiMzYwMCIsInRpbWUiOnsidXNlcl9pbnRlcnZhbCI6MH19';

/** Requests whose signatures were worked out by several independent programs. */
const VECTORS: readonly (readonly [request: string, signature: string, date?: string])[] = [
  ['/status', 'f726262eaddcd8e6b2a7f22c97c12a774c4de021'],
  ['/status', '0f21fa32716c2453d88bc17b674d88f44f6990b1', '20250601T120000'],
  ['/status', 'a8df50f9fe47272ed07a2c8ac17a928c41635320', '2025-06-01T12:00:00'],
  ['/status', '6c928a06f5988979457920670005b2f3d386f6ab', 'Sun, 01 Jun 2025 12:00:00 GMT'],
  ['/status', '8453c1efd42ea3544d1db944b109db1ebc12b981', 'Sun, 01 Jun 2025 12:00:00 UTC'],
  ['/status', '69b0ede4bc769fd14115a8a3481104379e9108f5', 'Sun, 01 Jun 2025 12:00:00'],
  ['/status', '0ec0b8bae6d5b22a102fda340c4721375b9503a0', 'Sun Jun 1 12:00:00 2025'],
  ['/status', '105b62b9b925a045f1fa62c4bada82d04968da27', '2025-06-01T12:00:00.123456+00:00'],
  ['/status?', '470729a8f24354124da7c3522bcbf05cf9ebf139'],
  [
    '/modelbreaches?starttime=1748736000000&endtime=1748779200000&minscore=0.6',
    '75dce02d0f24b6a09e35976ca5ef49165067a890',
  ],
  [
    '/modelbreaches?endtime=1748779200000&minscore=0.6&starttime=1748736000000',
    '0a5becaf200485caf96f2950b8740be27f7d7f49',
  ],
  [
    '/modelbreaches?from=2025-06-01 00:00:00&to=2025-06-01 12:00:00',
    'e9212abcb93cd792890b28d29261c1d644727ca2',
  ],
  [
    '/modelbreaches?from=2025-06-01+00%3A00%3A00&to=2025-06-01+12%3A00%3A00',
    '04ae38a6aa124c67bb448e57253644ba0d354b7b',
  ],
  [
    '/modelbreaches?from=2025-06-01%2000:00:00&to=2025-06-01%2012:00:00',
    '7bd7eeae13d016d175c97f09610d9422f677876d',
  ],
  [
    '/devicesearch?query=tag:"Active Threat" type:"laptop"&count=10',
    '2e2cbc633f305e592dffd484d56ed6efe3040b01',
  ],
  [
    '/devicesearch?query=tag%3A%22Active+Threat%22+type%3A%22laptop%22&count=10',
    'fd337f614ef2cc583ac34aadb9917e5c9c100036',
  ],
  ['/modelbreaches/101/comments?{"message":"Seen by SOC"}', 'c3a56b3387a2f65ab8d2302a88542ed4112da81a'],
  ['/modelbreaches/101/comments?{"message": "Seen by SOC"}', 'b4fd4275cb2d15041e9069de39576bbcf41ac30d'],
  ['/modelbreaches/101/comments?{"message":"Gr\\u00fc\\u00dfe"}', '9c22c30239f18c9493ba80fb9b00490de869dd90'],
  ['/modelbreaches/101/comments?{"message":"Grüße"}', '3367b1dc7bf892e5db0c51431a0934a23411b21b'],
  ['/modelbreaches/101/acknowledge?acknowledge=true', 'c37c2245eece058dc9397b2b7cb21be91733e292'],
  ['/modelbreaches/101/acknowledge?{"acknowledge":true}', '3d326986a4e858937569dfe6333584ca3db34aa6'],
  [
    '/aianalyst/acknowledge?uuid=11111111-2222-4333-8444-555555555555,66666666-7777-4888-9999-000000000000',
    'e8985c32a8af7ae80253be9b9debedf51db6f507',
  ],
  [
    '/aianalyst/acknowledge?uuid=11111111-2222-4333-8444-555555555555%2C66666666-7777-4888-9999-000000000000',
    '02c7d8d9bbc562ad137431187d875b7d64345603',
  ],
  ['/tags/entities?did=5&tag=Active Threat&duration=3600', 'a2d6f08997082adf30fb6781a78d26130e665880'],
  ['/tags/entities?did=5&tag=Active+Threat&duration=3600', '20d2886e4c266c77818dd4ad55ffe6f170359ae2'],
  ['/tags/5/entities/77', '5732d9a29c68b1eed569d1aace2f61a23dde2730'],
  [SEARCH, 'c567e194b9f26897dc03682edb84b136563374bb'],
];

test('signatures are those that other programs compute', () => {
  for (const [request, signature, date] of VECTORS) {
    assert.equal(sign(hmac, PRIVATE, request, PUBLIC, date ?? DATE), signature, request);
  }
  const guide = (request: string, token = GUIDE_TOKEN) => sign(hmac, GUIDE_KEY, request, token, GUIDE_DATE);
  assert.equal(guide(GUIDE_REQUEST), 'e25f42e5b8e77889555766ce22f20de8a63500b1');
  assert.equal(
    guide(GUIDE_REQUEST, '2485df5aaa4278ed80a133e91ae58c5cccb7862'),
    '2650a44fef36c4439b35e7e267154d2f15b21851',
  );
  assert.equal(
    guide(GUIDE_REQUEST.replace('starttime=', 'starttime=starttime=')),
    '71431852b0c276df91b989cc27ad6ccf6882bc23',
  );
  assert.equal(guide(`${GUIDE_REQUEST}&minimal=false`), '69059d898872c5a63172b53c396a873c1dbf97be');
  const second = '/modelbreaches?starttime=1701388800000&endtime=1704070800000';
  assert.equal(
    sign(
      hmac,
      '7chbwad4hl4n5ok69e2edrs2ogpiqy8ldd5oozdb',
      second,
      '118v8jecrbrtkucou5a34hsbzounohx6jce61dwy',
      '20230101T120000',
    ),
    'f19ae16721cc0e020ad12ec372cb15fa93bf3626',
  );
  const client = (request: string, date: string) =>
    sign(hmac, 'test_private_token', request, 'test_public_token', date);
  assert.equal(client('/devices', '2025-01-15 12:30:00'), 'e3c82b28eb735735b9d288d6d2d63b14cba2e008');
  assert.equal(
    client('/devices?aparam=aval&mparam=mval&zparam=zval', '2025-06-01 00:00:00'),
    '2f247e5248b933fccf527bebc479248613c320a4',
  );
  assert.equal(
    client('/modelbreaches/101/comments?{"message":"Test Comment","priority":"high"}', '2023-12-25 23:59:59'),
    'b309669f63f10c0de47230144c623b6869ebfac3',
  );
});

/** Is a request believed that signed one text and sent another? */
function isBelieved(signed: string, target: string, body = '', method = body === '' ? 'GET' : 'POST') {
  const request: SignedRequest = {
    method,
    target,
    body: new TextEncoder().encode(body),
    token: PUBLIC,
    date: DATE,
    signature: sign(hmac, PRIVATE, signed, PUBLIC, DATE),
  };
  return verify(request, PRIVATE, hmac);
}

const yes = { isQuerySigned: true };

test('what clients sign and what travels may differ in encoding', () => {
  const cases: readonly (readonly [signed: string, target: string, body?: string])[] = [
    ['/x?a=b%3Ac', '/x?a=b%3Ac'],
    ['/tags?tag=active threat', '/tags?tag=active+threat'],
    ['/devicesearch?query=tag:"A B"', '/devicesearch?query=tag:%22A%20B%22'],
    ['/metricdata?metric=a,b', '/metricdata?metric=a%2Cb'],
    ['/devicesearch?query=a+b', '/devicesearch?query=a%2Bb'],
    ['/status?', '/status'],
    ['/status', '/status?'],
    ['/x y', '/x%20y'],
    ['/x y?a=%41', '/x%20y?a=%41'],
    ['/c?{"a":1}', '/c', '{"a":1}'],
    ['/c?{"a": "ü"}', '/c', '{"a": "ü"}'],
    ['/c?acknowledge=true', '/c', 'acknowledge=true'],
    ['/c?uuid=u1,u2', '/c', 'uuid=u1%2Cu2'],
    ['/c?tag=A+B,C', '/c', 'tag=A+B%2CC'],
    ['/c?did=5&tag=Active Threat', '/c', 'did=5&tag=Active Threat'],
    ['/tags/entities?did=1&tag=Guest', '/tags/entities?did=1&tag=Guest'],
    [SEARCH, SEARCH],
  ];
  for (const [signed, target, body] of cases) {
    assert.deepEqual(isBelieved(signed, target, body), yes, `${signed} as ${target} ${body ?? ''}`);
  }
  const upper = { method: 'GET', target: '/status', body: new Uint8Array(0), token: PUBLIC, date: DATE };
  const signature = sign(hmac, PRIVATE, '/status', PUBLIC, DATE).toUpperCase();
  assert.deepEqual(verify({ ...upper, signature }, PRIVATE, hmac), yes);
});

test('a query beside a body counts as unsigned unless it was signed too', () => {
  const target = '/c?responsedata=response';
  assert.deepEqual(isBelieved('/c?{"a":1}', target, '{"a":1}'), { isQuerySigned: false });
  assert.deepEqual(isBelieved('/c?responsedata=response&{"a":1}', target, '{"a":1}'), yes);
});

test('a body must be signed', () => {
  assert.equal(isBelieved('/aianalyst/acknowledge', '/aianalyst/acknowledge', 'uuid=u1'), undefined);
  assert.equal(isBelieved('/c?', '/c', '{"a":1}'), undefined);
  assert.equal(isBelieved('/c?{"a":1}', '/c', '{"a":2}'), undefined);
});

test('an encoded border cannot smuggle in a parameter', () => {
  assert.equal(isBelieved('/x?a=1&b=2', '/x?a=1%26b=2'), undefined);
  assert.equal(isBelieved('/x?a=b=2', '/x?a%3Db=2'), undefined);
  assert.equal(isBelieved('/c?a=1&b=2', '/c', 'a=1%26b=2'), undefined);
  assert.equal(isBelieved('/x?a=1', '/x%3Fa=1'), undefined);
});

test('another order of parameters, another token, date or target is refused', () => {
  assert.equal(isBelieved('/x?a=1&b=2', '/x?b=2&a=1'), undefined);
  assert.equal(isBelieved('/x', '/y'), undefined);
  const good = sign(hmac, PRIVATE, '/x', PUBLIC, DATE);
  const request = { method: 'GET', target: '/x', body: new Uint8Array(0), token: PUBLIC, date: DATE };
  assert.equal(verify({ ...request, signature: good, token: `${PUBLIC}x` }, PRIVATE, hmac), undefined);
  assert.equal(verify({ ...request, signature: good, date: `${DATE} ` }, PRIVATE, hmac), undefined);
  assert.equal(verify({ ...request, signature: '' }, PRIVATE, hmac), undefined);
  assert.equal(verify({ ...request, signature: good.slice(1) }, PRIVATE, hmac), undefined);
});

test('all forms of dates give the same moment', () => {
  const noon = 1_748_779_200_000;
  const forms = [
    '2025-06-01 12:00:00',
    '2025-06-01T12:00:00',
    '2025-06-01T12:00:00Z',
    '2025-06-01T14:00:00+02:00',
    '2025-06-01T07:00:00.000-0500',
    '20250601T120000',
    '20250601T12:00:00',
    'Sun, 01 Jun 2025 12:00:00',
    'Sun, 01 Jun 2025 12:00:00 GMT',
    'Sun, 01 Jun 2025 12:00:00 UTC',
    'Sun Jun 1 12:00:00 2025',
    'Sun Jun  1 12:00:00 2025',
  ];
  for (const form of forms) assert.equal(parseApiDate(form), noon, form);
  assert.equal(parseApiDate('2025-06-01T12:00:00.123456+00:00'), noon + 123.456);
  assert.equal(parseApiDate('2025-06-01'), noon - 43_200_000);
  assert.equal(parseApiDate('2025-06-01 12:00'), noon);
});

test('what is no date is refused', () => {
  const wrong = [
    '',
    'now',
    '2025-02-29 00:00:00',
    '2025-13-01',
    '2025-06-01 25:00:00',
    'Sun Foo 1 12:00:00 2025',
  ];
  for (const text of wrong) assert.equal(parseApiDate(text), undefined, text);
});

test('a date counts for half an hour on both sides', () => {
  const now = 1_748_779_200_000;
  assert.equal(isDateValid('2025-06-01 12:30:00', now), true);
  assert.equal(isDateValid('2025-06-01 11:30:00', now), true);
  assert.equal(isDateValid('2025-06-01 12:30:01', now), false);
  assert.equal(isDateValid('yesterday', now), false);
});

test('texts of different length are never equal', () => {
  assert.equal(equalInConstantTime('', 'a'), false);
  assert.equal(equalInConstantTime('a', ''), false);
  assert.equal(equalInConstantTime('abc', 'abc'), true);
  assert.equal(equalInConstantTime('aa', 'a'), false);
});
