/** Suricata logs DNS queries and answers as events of their own; Zeek's record has both. */
import type { Event, Values } from './eve-fields.ts';

interface Pending {
  event: Event;
  values: Values;
}

export interface DnsMade {
  /** The event whose time and tuple the record has. */
  event: Event;
  values: Values;
}

/** Queries that wait for their answer; the oldest goes without. */
const MAX_PENDING = 8192;

/** Versions 2 and 3 of the event are read: names at the top, or in lists of queries and answers. */
export class DnsPairing {
  readonly #pending = new Map<string, Pending>();

  take(event: Event): DnsMade[] {
    const type = event.text('dns.type');
    const question = event.objects('dns.queries')[0];
    const name = question?.text('rrname') ?? event.text('dns.rrname');
    const kind = question?.text('rrtype') ?? event.text('dns.rrtype');
    const key = `${event.text('flow_id')}|${event.text('dns.id')}|${name}|${kind}`;
    const values = { trans_id: event.count('dns.id'), query: name, qtype_name: kind };
    if (type === 'query' || type === 'request') return this.#ask(key, { event, values });
    const asked = this.#pending.get(key);
    this.#pending.delete(key);
    return [{ event: asked?.event ?? event, values: { ...values, ...answerValues(event, asked?.event) } }];
  }

  /** The queries that nobody answered. */
  end(): DnsMade[] {
    const left = [...this.#pending.values()];
    this.#pending.clear();
    return left;
  }

  #ask(key: string, asked: Pending): DnsMade[] {
    const evicted: DnsMade[] = [];
    const repeated = this.#pending.get(key);
    if (repeated) evicted.push(repeated);
    this.#pending.delete(key);
    this.#pending.set(key, asked);
    if (this.#pending.size > MAX_PENDING) {
      const [oldest, pending] = this.#pending.entries().next().value!;
      this.#pending.delete(oldest);
      evicted.push(pending);
    }
    return evicted;
  }
}

function answerValues(event: Event, asked: Event | undefined): Values {
  const answers = event.objects('dns.answers').filter((answer) => answer.text('rdata') !== undefined);
  const rcode = event.text('dns.rcode');
  const [from, to] = [asked?.time('timestamp'), event.time('timestamp')];
  return {
    rtt: from === undefined || to === undefined ? undefined : Math.max(0, to - from),
    rcode_name: rcode,
    AA: event.is('dns.aa'),
    TC: event.is('dns.tc'),
    RD: event.is('dns.rd'),
    RA: event.is('dns.ra'),
    answers: answers.map((answer) => answer.text('rdata')!),
    TTLs: answers.map((answer) => (answer.number('ttl') ?? 0) * 1e3),
    rejected: rcode === 'REFUSED',
  };
}
