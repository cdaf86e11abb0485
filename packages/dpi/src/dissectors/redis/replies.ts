/** Replies of Redis servers as text: `[1, [2, 3]]`. Redis serialization protocol (RESP) 2 and 3. */
import { fieldText } from '../../text.ts';
import { MOST_TEXT, readInteger, type TokenTaker } from './tokens.ts';

/** How deep lists may lie in lists. */
const DEEPEST = 64;
const MOST_ELEMENTS = 0x2000_0000;

export interface Reply {
  readonly kind: 'reply' | 'error' | 'push';
  /** As text, its first 250 characters. */
  readonly text: string;
  /** Only version 3 of the protocol has it. */
  readonly isNew: boolean;
}

interface List {
  /** Elements that are still to come. */
  left: number;
  readonly close: string;
  /** Keys and values take turns. */
  readonly isMap: boolean;
  isFirst: boolean;
  /** Attributes: they stand before a value, are none and not told. */
  readonly isSilent: boolean;
}

/** Opening and closing of lists by type. */
const LISTS: Readonly<Record<string, readonly [string, string]>> = {
  '*': ['[', ']'],
  '>': ['[', ']'],
  '~': ['{', '}'],
  '%': ['{', '}'],
  '|': ['', ''],
};

const NEW = '_#,(!=%~>|';
const SIMPLE = '+-:_#,(';

/** Puts replies together from tokens. */
export class ReplyReader implements TokenTaker {
  readonly #lists: List[] = [];
  #text = '';
  /** Type of the outermost value. */
  #type = '';
  #isNew = false;
  #silent = 0;
  readonly #take: (reply: Reply) => void;

  constructor(take: (reply: Reply) => void) {
    this.#take = take;
  }

  line(type: string, bytes: Uint8Array, from: number, to: number): boolean {
    const list = LISTS[type];
    if (list) return this.#open(type, list, readInteger(bytes, from + 1, to));
    if (!SIMPLE.includes(type)) return false;
    const text = fieldText(bytes, from + 1, Math.min(to, from + 1 + MOST_TEXT));
    this.#value(type, type === '#' ? (text === 't' ? 'T' : 'F') : text);
    return true;
  }

  string(type: string, bytes: Uint8Array | undefined): boolean {
    this.#value(type, bytes ? fieldText(bytes) : '');
    return true;
  }

  #open(type: string, [open, close]: readonly [string, string], count: number): boolean {
    if (!(count >= -1 && count <= MOST_ELEMENTS) || this.#lists.length >= DEEPEST) return false;
    if (count < 0) {
      this.#value(type, '');
      return true;
    }
    const isSilent = type === '|';
    this.#note(type);
    if (isSilent) this.#silent++;
    else this.#write(this.#separator() + open);
    const isMap = type === '%' || isSilent;
    this.#lists.push({ left: isMap ? count * 2 : count, close, isMap, isFirst: true, isSilent });
    this.#closeFull();
    return true;
  }

  #value(type: string, text: string): void {
    this.#note(type);
    this.#write(this.#separator() + text);
    this.#ended();
  }

  #note(type: string): void {
    if (this.#lists.length === 0 && type !== '|') this.#type = type;
    if (NEW.includes(type)) this.#isNew = true;
  }

  #separator(): string {
    const list = this.#lists.at(-1);
    if (!list || list.isFirst) {
      if (list) list.isFirst = false;
      return '';
    }
    return list.isMap && list.left % 2 === 1 ? ': ' : ', ';
  }

  #write(text: string): void {
    if (this.#silent === 0 && this.#text.length < MOST_TEXT) this.#text += text;
  }

  /** A value is over, and with it perhaps the list it stands in. */
  #ended(): void {
    const list = this.#lists.at(-1);
    if (list) {
      list.left--;
      this.#closeFull();
      return;
    }
    const kind = this.#type === '-' || this.#type === '!' ? 'error' : this.#type === '>' ? 'push' : 'reply';
    const reply = { kind, text: this.#text.slice(0, MOST_TEXT), isNew: this.#isNew } as const;
    this.#text = '';
    this.#isNew = false;
    this.#take(reply);
  }

  #closeFull(): void {
    const list = this.#lists.at(-1);
    if (!list || list.left > 0) return;
    this.#lists.pop();
    if (list.isSilent) this.#silent--;
    else {
      this.#write(list.close);
      this.#ended();
    }
  }
}
