import assert from 'node:assert/strict';
import test from 'node:test';
import { TCP_FLAGS, udpDatagram } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { ascii, Bench, Conversation } from '../harness.ts';

const { ACK } = TCP_FLAGS;
const HERE = { source: '10.0.0.1', dest: '10.0.0.2' };
const BACK = { source: '10.0.0.2', dest: '10.0.0.1' };
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** A protocol whose messages begin with its name and end with a line; what it hears goes to `heard`. */
function lines(name: string, heard: string[], changes: Partial<Dissector & Session> = {}): Dissector {
  return {
    name,
    transports: ['tcp', 'udp'],
    ports: [],
    probe: (bytes) => (textOf(bytes).startsWith(name) ? 0.9 : 0),
    open(connection) {
      connection.confirm();
      return {
        feed(bytes, fromOriginator) {
          const text = textOf(bytes);
          const end = text.lastIndexOf('\n') + 1;
          if (end > 0) heard.push(`${name}${fromOriginator ? '>' : '<'}${text.slice(0, end).trim()}`);
          return end;
        },
        ...changes,
      };
    },
    ...changes,
  };
}

function talkTo(...dissectors: Dissector[]) {
  const bench = new Bench({}, dissectors);
  return { bench, talk: new Conversation(bench).open() };
}

test('a protocol is found by what is said, and named in the row', () => {
  const heard: string[] = [];
  const { bench, talk } = talkTo(lines('abc', heard), lines('xyz', heard));
  talk.ask('xyz hello\n').answer('hi\n');
  assert.deepEqual(heard, ['xyz>xyz hello', 'xyz<hi']);
  assert.equal(bench.conns()[0]!.service, 'xyz');
});

test('a message in several segments comes again with more behind it', () => {
  const heard: string[] = [];
  const { talk } = talkTo(lines('abc', heard));
  talk.ask('abc on').ask('e\nabc ').ask('two\n');
  assert.deepEqual(heard, ['abc>abc one', 'abc>abc two']);
});

test('what came before the protocol was known is given to its dissector, in order', () => {
  const heard: string[] = [];
  const { talk } = talkTo(lines('abc', heard));
  talk.answer('a banner\n').ask('abc hello\n');
  assert.deepEqual(heard, ['abc<a banner', 'abc>abc hello']);
});

test('too few bytes to tell are asked for again', () => {
  const heard: string[] = [];
  const patient = lines('abc', heard, {
    probe: (bytes) => (bytes.length < 3 ? -1 : textOf(bytes).startsWith('abc') ? 1 : 0),
  });
  const { talk } = talkTo(patient);
  talk.ask('a').ask('bc now\n');
  assert.deepEqual(heard, ['abc>abc now']);
});

test('a protocol that begins late is found, without what came before', () => {
  const heard: string[] = [];
  const { bench, talk } = talkTo(lines('abc', heard));
  for (let i = 0; i < 5; i++) talk.ask(`something else ${i}\n`);
  talk.ask('abc at last\n');
  assert.deepEqual(heard, ['abc>abc at last']);
  assert.equal(bench.conns()[0]!.service, 'abc');
});

test('a connection that nobody knows is only counted after a while', () => {
  let asked = 0;
  const { bench, talk } = talkTo(
    lines('abc', [], {
      probe: () => {
        asked++;
        return 0;
      },
    }),
  );
  for (let i = 0; i < 40; i++) talk.ask('?'.repeat(500));
  assert.ok(asked < 12);
  assert.equal(bench.conns()[0]!.orig_bytes, 20_000);
});

test('ports decide only between equals', () => {
  const heard: string[] = [];
  const same = (name: string, ports: number[]) => lines(name, heard, { name, ports, probe: () => 0.5 });
  const { talk } = talkTo(same('one', []), same('two', [80]), lines('abc', heard));
  talk.ask('whatever\n');
  const other = talkTo(same('one', []), same('two', [80]), lines('abc', heard));
  other.talk.ask('abc\n');
  assert.deepEqual(heard, ['two>whatever', 'abc>abc']);
});

test('who refuses gives way to the next best, and is not named', () => {
  const heard: string[] = [];
  const wrong = lines('wrong', heard, {
    probe: () => 1,
    open: () => ({ feed: () => -1 }),
  });
  const { bench, talk } = talkTo(wrong, lines('abc', heard));
  talk.answer('banner\n').ask('abc\n');
  assert.equal(heard.length, 0);
  assert.equal(bench.conns()[0]!.service, undefined);
  const again = talkTo(wrong, lines('abc', heard));
  again.talk.ask('abc\n');
  assert.deepEqual(heard, ['abc>abc']);
  assert.equal(again.bench.conns()[0]!.service, 'abc');
});

test('a violation soon after confirmation takes the service back, later it does not', () => {
  const breaks = lines('abc', [], {
    feed: (bytes: Uint8Array) => (textOf(bytes).includes('!') ? -1 : bytes.length),
  });
  const soon = talkTo(breaks);
  soon.talk.ask('abc\n').ask('!\n');
  assert.equal(soon.bench.conns()[0]!.service, undefined);
  const late = talkTo(breaks);
  late.talk.ask('abc\n').ask('x'.repeat(11_000)).ask('!\n');
  assert.equal(late.bench.conns()[0]!.service, 'abc');
});

test('a faulty dissector is dropped and counted, the connection goes on', () => {
  const faulty = (changes: Partial<Dissector & Session>) => lines('abc', [], changes);
  const fail = () => {
    throw new Error('a fault of ours');
  };
  for (const changes of [
    { feed: fail },
    { open: fail },
    { probe: fail },
    { end: fail },
    { close: fail },
    { gap: fail },
  ]) {
    const { bench, talk } = talkTo(faulty(changes));
    talk.ask('abc\n');
    if ('gap' in changes) talk.client.seq += 5;
    talk.ask('more\n').close();
    bench.engine.finish();
    assert.ok(bench.engine.counters['faults']! > 0, Object.keys(changes)[0]);
    assert.equal(bench.of('conn')[0]!.conn_state, 'SF');
  }
});

test('a message longer than the limit ends dissection, not the connection', () => {
  const bench = new Bench({ limits: { flows: 64, messageBytes: 1_000 } }, [lines('abc', [])]);
  const talk = new Conversation(bench).open();
  talk
    .ask(`abc${'x'.repeat(600)}`)
    .ask('x'.repeat(600))
    .ask('x\n');
  assert.equal(bench.engine.counters['messages_oversized'], 1);
  assert.equal(bench.conns()[0]!.service, 'abc');
});

test('who is done hears nothing more until the end', () => {
  const heard: string[] = [];
  const session = {
    done: false,
    feed(bytes: Uint8Array) {
      heard.push(textOf(bytes));
      session.done = true;
      return bytes.length;
    },
    close: () => void heard.push('closed'),
  };
  const { bench, talk } = talkTo(lines('abc', heard, { open: () => session }));
  talk.ask('abc\n').ask('more\n').close();
  bench.engine.finish();
  assert.deepEqual(heard, ['abc\n', 'closed']);
});

test('the rest of a stream is handed over by name, both directions', () => {
  const heard: string[] = [];
  let connection: Connection | undefined;
  const first = lines('abc', heard, {
    open(c) {
      connection = c;
      c.confirm();
      return {
        feed(bytes) {
          if (!textOf(bytes).includes('switch\n')) return bytes.length;
          connection!.handOver('xyz');
          return textOf(bytes).indexOf('switch\n') + 7;
        },
        close: () => void heard.push('abc closed'),
      };
    },
  });
  const { bench, talk } = talkTo(first, lines('xyz', heard));
  talk.ask('abc\n').ask('switch\nhello\n').answer('welcome\n');
  assert.deepEqual(heard, ['abc closed', 'xyz>hello', 'xyz<welcome']);
  assert.equal(bench.conns()[0]!.service, 'abc,xyz');
});

test('a datagram that was not taken is the first that the next dissector gets', () => {
  const heard: string[] = [];
  const first = lines('abc', heard, {
    open: (c) => ({
      feed(bytes) {
        if (textOf(bytes).startsWith('abc')) return bytes.length;
        c.handOver('xyz');
        return 0;
      },
    }),
  });
  const bench = new Bench({}, [first, lines('xyz', heard)]);
  bench.send(HERE, udpDatagram(1, 9_999, ascii('abc\n')));
  bench.send(BACK, udpDatagram(9_999, 1, ascii('hello\n')));
  bench.send(HERE, udpDatagram(1, 9_999, ascii('more\n')));
  assert.deepEqual(heard, ['xyz<hello', 'xyz>more']);
});

test('a hand-over without a name begins detection anew, one to a stranger ends it', () => {
  for (const [name, expected] of [
    [undefined, ['xyz>xyz inside']],
    ['nobody', []],
  ] as const) {
    const heard: string[] = [];
    const tunnel = lines('abc', heard, {
      open: (c) => ({
        feed(bytes) {
          c.handOver(name);
          return textOf(bytes).indexOf('\n') + 1;
        },
      }),
    });
    const { talk } = talkTo(tunnel, lines('xyz', heard));
    talk.ask('abc\nxyz inside\n').ask('xyz\n');
    assert.deepEqual(heard.slice(0, 1), expected.slice(0, 1));
  }
});

test('a session that cannot bear gaps is ended by one', () => {
  const heard: string[] = [];
  const { talk } = talkTo(lines('abc', heard));
  talk.ask('abc\n');
  talk.client.seq += 100;
  talk.ask('after\n').ask('later\n');
  assert.deepEqual(heard, ['abc>abc']);
});

test('a reply whose request was missed turns the connection around', () => {
  const seen: string[] = [];
  const replies = lines('abc', [], {
    open: (c) => ({
      feed(bytes, fromOriginator) {
        if (textOf(bytes).includes('reply') && fromOriginator) c.flip();
        seen.push(`${c.source_ip} ${c.source_port} ${c.dest_ip} ${c.dest_port} ${fromOriginator}`);
        c.weird('abc_reply_first');
        return bytes.length;
      },
    }),
  });
  const bench = new Bench({}, [replies]);
  bench.send(BACK, udpDatagram(9_999, 40_000, ascii('abc reply')));
  bench.send(HERE, udpDatagram(40_000, 9_999, ascii('abc request')));
  assert.deepEqual(seen, ['10.0.0.1 40000 10.0.0.2 9999 true', '10.0.0.1 40000 10.0.0.2 9999 true']);
  const [conn] = bench.conns();
  assert.deepEqual(
    [conn!.source_ip, conn!.history, conn!.orig_pkts, conn!.resp_pkts],
    ['10.0.0.1', 'D^', 1, 1],
  );
  assert.equal(bench.of('weird')[0]!.uid, conn!.uid);
});

test('a stream that is turned around keeps what waited on either side', () => {
  const heard: string[] = [];
  const turns = lines('abc', heard, {
    open: (c) => ({
      feed(bytes, fromOriginator) {
        if (textOf(bytes) === 'abc turn\nrest') c.flip();
        heard.push(`${fromOriginator} ${textOf(bytes)}`);
        return textOf(bytes).lastIndexOf('\n') + 1;
      },
    }),
  });
  const { talk } = talkTo(turns);
  talk.ask('abc turn\nrest').ask(' of it\n');
  assert.deepEqual(heard, ['true abc turn\nrest', 'false rest of it\n']);
});

test('repeated weirds of a connection are told once, limits leave their mark in the history', () => {
  const odd = lines('abc', [], {
    open: (c) => ({
      feed(bytes) {
        c.weird('abc_odd', 'detail', 'ABC');
        c.weird('exceeded_abc');
        return bytes.length;
      },
    }),
  });
  const { bench, talk } = talkTo(odd);
  talk.ask('abc\n').ask('abc\n');
  assert.deepEqual(bench.weirds(), ['abc_odd', 'exceeded_abc']);
  assert.deepEqual([bench.of('weird')[0]!.addl, bench.of('weird')[0]!.source], ['detail', 'ABC']);
  assert.equal(bench.conns()[0]!.history, 'ShADXa');
});

test('a dissector may make an instance of its own for each engine', () => {
  let made = 0;
  const shared = lines('abc', []);
  const maker: Dissector = {
    ...shared,
    create() {
      made++;
      return shared;
    },
  };
  talkTo(maker);
  talkTo(maker);
  assert.equal(made, 2);
});

test('datagrams come one by one, and an ICMP message with its header', () => {
  const heard: string[] = [];
  const bench = new Bench({}, [lines('abc', heard, { transports: ['udp'] })]);
  bench.send(HERE, udpDatagram(1, 9_999, ascii('abc one\n')));
  bench.send(BACK, udpDatagram(9_999, 1, ascii('two\n')));
  bench.send(HERE, udpDatagram(2, 9_999, ascii('nobody knows me\n')));
  assert.deepEqual(heard, ['abc>abc one', 'abc<two']);
  assert.deepEqual(
    bench.conns().map(({ service }) => service),
    ['abc', undefined],
  );
});

test('records of a dissector carry the time of the packet they came from', () => {
  const clock = lines('abc', [], {
    open: (c) => ({
      feed(bytes) {
        c.emit({ kind: 'notice', ts: c.ts, uid: c.uid, note: 'Test', proto: c.proto });
        return bytes.length;
      },
    }),
  });
  const { bench, talk } = talkTo(clock);
  const at = bench.now;
  talk.segment(true, ACK, ascii('abc\n'));
  const [notice] = bench.of('notice');
  const [conn] = bench.conns();
  assert.deepEqual([notice!.ts, notice!.uid, notice!.proto], [at, conn!.uid, 'tcp']);
});

test('a long message in tiny segments is not shown again for each of them, and whole at the end', () => {
  const heard: string[] = [];
  const seen = { calls: 0, bytes: 0 };
  const slow = lines('abc', heard);
  const counting: Dissector = {
    ...slow,
    open(connection) {
      const session = slow.open(connection);
      return {
        feed(bytes, fromOriginator) {
          seen.calls++;
          seen.bytes += bytes.length;
          return session.feed(bytes, fromOriginator);
        },
      };
    },
  };
  const { talk } = talkTo(counting);
  const segments = 40_000;
  talk.ask('abc');
  for (let i = 0; i < segments; i++) talk.ask('1234');
  talk.ask('end\n');
  assert.equal(heard.length, 0, 'it waits until there is an eighth more');
  assert.ok(seen.calls < 12_000, `${seen.calls} calls`);
  assert.ok(seen.bytes < 100_000_000, `${seen.bytes} bytes`);
  talk.close();
  assert.equal(heard.length, 1);
  assert.ok(heard[0]!.endsWith('1234end'));
});
