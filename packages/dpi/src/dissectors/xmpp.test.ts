import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, connection, Stream, torture } from './harness.ts';
import { xmpp } from './xmpp.ts';

const HEAD = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='a.b' version='1.0'>";
const START = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

function play(steps: string[]) {
  const told = connection({ proto: 'tcp', dest_port: 5222 });
  const session = xmpp.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(ascii(step.slice(1)));
  return { ...told, isDone: session.done };
}

test('what follows an agreement on TLS is handed over', () => {
  const { confirmed, handedOver } = play([`>${HEAD}`, `<${HEAD}`, `>${START}`, `<${PROCEED}`]);
  assert.deepEqual([confirmed, handedOver], [[''], ['ssl']]);
});

test('tags may be cut, and nobody is handed over who did not ask', () => {
  const cut = play([`>${HEAD}<star`, '>ttls/>', '<<proc', '<eed xmlns=', "<''/>"]);
  assert.deepEqual(cut.handedOver, ['ssl']);
  assert.deepEqual(play([`>${HEAD}`, `<${PROCEED}`]).handedOver, []);
});

test('a long conversation without TLS is only counted', () => {
  const { isDone } = play([`>${HEAD}`, ...new Array<string>(80).fill(`>${'<a/>'.repeat(250)}`)]);
  assert.equal(isDone, true);
});

test('is found by the head of its stream', () => {
  assert.deepEqual(
    [
      HEAD,
      '<stream:stream xmlns=',
      "\n<?xml version='1.0'?>",
      '<?xml',
      '<stre',
      '<html>',
      "<?xml version='1.0'?><a>",
    ].map((text) => xmpp.probe(ascii(text), true, 80)),
    [1, 1, -1, -1, -1, 0, 0],
  );
});

test('bears anything', () => {
  torture(xmpp, [ascii(HEAD), ascii(START), ascii(PROCEED)], 300);
});
