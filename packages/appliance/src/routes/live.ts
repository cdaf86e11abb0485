/** The live stream of the web interface: Server-Sent Events. WHATWG HTML, section 9.2. */
import { events, TOPICS } from '@thymus/contract';
import { SESSION_IDLE, SESSION_LIFE } from '../http/authenticate.ts';
import type { LiveEvent } from '../http/event-hub.ts';
import { badInput } from '../http/refusal.ts';
import { type Call, type Site, serve } from '../http/serve.ts';

/** A sign of life, so that proxies and browsers keep the stream; then the session is looked at as well. ms */
const HEARTBEAT = 15_000;

const encoder = new TextEncoder();

/** True while the session that opened the stream lasts. Looking is no use of it. */
async function isStillOpen({ services, principal }: Call): Promise<boolean> {
  if (principal.secret === undefined) return true;
  const now = services.now();
  const { users } = services.state;
  const after = [now - SESSION_LIFE, now - SESSION_IDLE] as const;
  return (await users.session(principal.secret, now, ...after, false)) !== undefined;
}

/** The stream itself; it ends with the session, the server or the client. */
function streamOf(
  topics: ReadonlySet<string>,
  lastId: string | null,
  call: Call,
): ReadableStream<Uint8Array> {
  const { events: hub } = call.services;
  let end = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const sendEvent = (event: LiveEvent) => {
        if (topics.has(event.topic)) {
          send(`id: ${hub.idOf(event)}\nevent: ${event.topic}\ndata: ${event.data}\n\n`);
        }
      };
      const unsubscribe = hub.subscribe(sendEvent, () => finish());
      const timer = setInterval(async () => {
        if (await isStillOpen(call)) send(': \n\n');
        else finish();
      }, HEARTBEAT);
      timer.unref();
      end = () => {
        clearInterval(timer);
        unsubscribe();
      };
      const finish = () => {
        end();
        controller.close();
      };
      call.signal.addEventListener('abort', () => end(), { once: true });
      // the first lines: how soon to come back, and where the stream stands
      const missed = lastId === null ? [] : hub.since(lastId);
      send(`retry: 3000\nid: ${hub.lastId}\n${missed ? '' : 'event: reset\n'}data: {}\n\n`);
      for (const event of missed ?? []) sendEvent(event);
    },
    cancel: () => end(),
  });
}

export function routeLive(site: Site): void {
  serve(site, events, ({ topics = [...TOPICS] }, call) => {
    const unknown = topics.find((topic) => !(TOPICS as readonly string[]).includes(topic));
    if (unknown !== undefined) throw badInput(`There is no topic ${unknown}.`);
    return new Response(streamOf(new Set(topics), call.headers.get('last-event-id'), call), {
      headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
    });
  });
}
