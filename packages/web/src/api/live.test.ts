import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Live, type LiveState } from './live.ts';

function world() {
  const streams: FakeStream[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  const states: LiveState[] = [];
  const heard: string[] = [];
  const live = new Live(
    {
      open: () => {
        const stream = new FakeStream();
        streams.push(stream);
        return stream;
      },
      wait: (run, ms) => {
        const timer = { run, ms };
        timers.push(timer);
        return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
      },
    },
    {
      onBreach: (e) => heard.push(`breach ${e.pbid}`),
      onStatus: (e) => heard.push(`status ${e.newest}`),
      onJob: (e) => heard.push(`job ${e.id}`),
      onStale: () => heard.push('stale'),
      onState: (s) => states.push(s),
    },
  );
  return { live, streams, timers, states, heard };
}

class FakeStream {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  isClosed = false;
  readonly listeners = new Map<string, (event: { data?: unknown }) => void>();
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.listeners.set(type, listener);
  }
  close(): void {
    this.isClosed = true;
  }
  send(type: string, data: string): void {
    this.listeners.get(type)?.({ data });
  }
}

test('events arrive, broken ones are dropped', () => {
  const { live, streams, heard } = world();
  live.start();
  streams[0]?.onopen?.();
  streams[0]?.send('breach', '{"pbid":7}');
  streams[0]?.send('breach', '{');
  streams[0]?.send('status', '{"newest":5}');
  streams[0]?.send('status', 'x');
  streams[0]?.send('progress', '{"id":3}');
  streams[0]?.send('progress', '');
  streams[0]?.send('reset', '');
  assert.deepEqual(heard, ['breach 7', 'status 5', 'job 3', 'stale']);
});

test('after three failures lists are polled, and the stream is tried again', () => {
  const { live, streams, timers, states, heard } = world();
  live.start();
  for (let i = 0; i < 3; i++) streams[0]?.onerror?.();
  assert.equal(streams[0]?.isClosed, true);
  assert.equal(timers[0]?.ms, 15_000);
  timers[0]?.run();
  streams[1]?.onopen?.();
  assert.deepEqual(states, ['polling', 'live']);
  assert.deepEqual(heard, ['stale', 'stale']);
});

test('a tab that stays hidden for a minute lets go and catches up when it is seen again', () => {
  const { live, streams, timers, states, heard } = world();
  live.start();
  live.visible(false);
  assert.equal(timers[0]?.ms, 60_000);
  timers[0]?.run();
  assert.equal(streams[0]?.isClosed, true);
  live.visible(true);
  assert.equal(streams.length, 2);
  assert.deepEqual([states, heard], [['paused'], ['stale']]);
});

test('a short look away changes nothing, the end closes the stream', () => {
  const { live, streams, timers, states } = world();
  live.start();
  live.visible(false);
  live.visible(true);
  assert.deepEqual([timers.length, streams.length], [0, 1]);
  live.stop();
  assert.equal(streams[0]?.isClosed, true);
  assert.deepEqual(states, ['off']);
});
