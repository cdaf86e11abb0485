/** XMPP: recognised by the head of its stream, and followed into TLS where both sides agree on that. RFC 6120 §4, §5. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { latin1Text } from '../text.ts';

const HEAD = /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<stream:stream\s/;
const BEGINNING = /^\s*<(?:\?xml[^>]{0,200}(?:\?>\s*)?)?(?:<?s?t?r?e?a?m?:?s?t?r?e?a?m?)?$/;
const MOST_HEAD = 512;
/** TLS is agreed upon early or not at all. */
const MOST_BYTES = 65_536;
/** The longest tag that is waited for. */
const MOST_TAG = 1_024;
const START = '<starttls';
const PROCEED = '<proceed';

class XmppSession implements Session {
  done = false;
  readonly #connection: Connection;
  #isConfirmed = false;
  #isAsked = false;
  #seen = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
    const text = latin1Text(bytes);
    if (fromOriginator) this.#isAsked ||= text.includes(START);
    else if (this.#isAsked && text.includes(PROCEED)) return this.#proceed(text);
    const open = text.lastIndexOf('<');
    const isCut = open >= 0 && text.indexOf('>', open) < 0 && bytes.length - open < MOST_TAG;
    const consumed = isCut ? open : bytes.length;
    this.#seen += consumed;
    this.done = this.#seen > MOST_BYTES;
    return consumed;
  }

  /** The server agrees: what follows its tag is TLS. */
  #proceed(text: string): number {
    const from = text.indexOf(PROCEED);
    const end = text.indexOf('>', from);
    if (end < 0) return from;
    this.#connection.handOver('ssl');
    return end + 1;
  }
}

export const xmpp: Dissector = {
  name: 'xmpp',
  transports: ['tcp'],
  ports: [5222, 5269],
  begins: (first) => first === 0x3c || first === 0x20 || first === 0x0a || first === 0x0d,
  probe(bytes) {
    const head = latin1Text(bytes, 0, Math.min(bytes.length, MOST_HEAD));
    if (HEAD.test(head)) return 1;
    return bytes.length < MOST_HEAD && BEGINNING.test(head) ? -1 : 0;
  },
  open: (connection) => new XmppSession(connection),
};
