/** HTTP/0.9 to 1.1: requests, replies, the files in them, tunnels and upgrades. RFC 9110, RFC 9112; rows as Zeek's http.log. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { isTextByte, latin1Text } from '../text.ts';
import { Exchanges } from './http/exchanges.ts';
import { Files } from './http/files.ts';
import { type HeaderLine, isTokenByte, isWebSocketHeader } from './http/headers.ts';
import { type BodyRule, type MessageOwner, MessageReader } from './http/message.ts';
import { ConnectionParts, RangedFiles } from './http/ranges.ts';
import { parseRequestLine, parseStatusLine, type Weird } from './http/start-line.ts';
import { ProxyTunnels } from './proxy-tunnels.ts';
import { WebSocketOpening } from './websocket/opening.ts';

const PORTS: readonly number[] = [80, 81, 631, 1080, 3128, 8000, 8080, 8888];

class HttpSession implements Session {
  readonly #connection: Connection;
  readonly exchanges: Exchanges;
  readonly weird: Weird;
  readonly requests: MessageReader;
  readonly replies: MessageReader;
  readonly replySide: ReplySide;
  isConfirmed = false;
  readonly opening: WebSocketOpening;
  /** The last reply was an upgrade. */
  isUpgraded = false;

  readonly #parts: ConnectionParts;
  readonly #tunnels: ProxyTunnels;

  constructor(connection: Connection, ranged: RangedFiles, tunnels: ProxyTunnels) {
    this.#connection = connection;
    this.#tunnels = tunnels;
    this.#parts = new ConnectionParts(ranged, connection);
    this.exchanges = new Exchanges(connection);
    this.opening = new WebSocketOpening(connection);
    this.weird = (name, detail) => connection.weird(name, detail, 'HTTP');
    this.requests = new MessageReader(new RequestSide(this), connection);
    this.replySide = new ReplySide(this);
    this.replies = new MessageReader(this.replySide, connection);
  }

  get done(): boolean {
    return this.requests.isOver && this.replies.isOver;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const consumed = (fromOriginator ? this.requests : this.replies).feed(bytes);
    if (this.isUpgraded && !fromOriginator && consumed < bytes.length)
      this.weird('protocol_data_with_HTTP_upgrade_reply', String(bytes.length - consumed));
    return this.done && !this.isConfirmed ? -1 : consumed;
  }

  /** Whether a reply has a body depends on its request, so a lost request ends the replies too. */
  gap(length: number, fromOriginator: boolean): void {
    const isKnown = (fromOriginator ? this.requests : this.replies).gap(length);
    if (isKnown) return;
    if (fromOriginator) this.requests.end(true);
    this.replies.end(true);
  }

  end(fromOriginator: boolean): void {
    (fromOriginator ? this.requests : this.replies).end();
  }

  close(): void {
    this.requests.end(true);
    this.replies.end(true);
    this.exchanges.flush();
    this.#parts.leave();
  }

  newFiles(isOrig: boolean): Files {
    if (isOrig) return new Files(this.#connection, true);
    return new Files(this.#connection, false, this.#parts, this.exchanges.repliedUrl);
  }

  confirm(): void {
    if (!this.isConfirmed) this.#connection.confirm();
    this.isConfirmed = true;
  }

  /** What follows is for the other end of a tunnel. */
  becomeTunnel(): void {
    this.#tunnels.discover(this.#connection, 'Tunnel::HTTP');
    this.handOver();
  }

  /** Writes what waits and gives the connection away. */
  handOver(dissector?: string): void {
    this.exchanges.flush();
    this.#connection.handOver(dissector);
  }
}

/** Tells once of a version that changes within a direction. */
class Version {
  readonly #weird: Weird;
  text = '';

  constructor(weird: Weird) {
    this.#weird = weird;
  }

  set(text: string): void {
    if (this.text !== '' && this.text !== text) this.#weird('HTTP_version_mismatch');
    this.text = text;
  }
}

class RequestSide implements MessageOwner {
  readonly #session: HttpSession;
  readonly #version: Version;
  readonly isPartialReply = false;

  constructor(session: HttpSession) {
    this.#session = session;
    this.#version = new Version(session.weird);
  }

  get isHttp11(): boolean {
    return this.#version.text === '1.1';
  }

  start(bytes: Uint8Array, from: number, to: number): boolean {
    const session = this.#session;
    const request = parseRequestLine(bytes, from, to, session.weird);
    if (!request) {
      if (session.isConfirmed) session.replies.end(true); // nobody knows what its reply would answer
      return false;
    }
    this.#version.set(request.version);
    if (request.version === '0.9') this.#startRaw(request.method);
    session.confirm();
    session.exchanges.request(request);
    session.opening.reset();
    return true;
  }

  header(line: HeaderLine): void {
    if (isWebSocketHeader(line.name)) this.#session.opening.requestHeader(line.name, line.value);
    else this.#session.exchanges.requestHeader(line);
  }

  bodyRule(): BodyRule {
    return 'maybe';
  }

  newFiles(): Files {
    return this.#session.newFiles(true);
  }

  done(length: number, files: Files | undefined): boolean {
    this.#session.exchanges.requestDone(length, files);
    return false;
  }

  /** The reply of HTTP/0.9 is the document and nothing else. */
  #startRaw(method: string): void {
    const { replies, weird } = this.#session;
    if (method.toUpperCase() !== 'GET') weird('invalid_http_09_request_method', method);
    if (replies.isOngoing) {
      weird('http_09_reply_before_request');
      replies.end();
    }
    if (!replies.isOver) replies.expectRaw(() => this.#session.replySide.startRaw());
  }
}

class ReplySide implements MessageOwner {
  readonly #session: HttpSession;
  readonly #version: Version;
  #code = 0;
  #isUpgrade = false;
  #upgrade: string | undefined;

  constructor(session: HttpSession) {
    this.#session = session;
    this.#version = new Version(session.weird);
  }

  get isHttp11(): boolean {
    return this.#version.text === '1.1';
  }

  get isPartialReply(): boolean {
    return this.#code === 206;
  }

  start(bytes: Uint8Array, from: number, to: number): boolean {
    const session = this.#session;
    const status = parseStatusLine(bytes, from, to);
    if (!status) return false;
    this.#version.set(status.version);
    this.#code = status.code;
    this.#isUpgrade = false;
    this.#upgrade = undefined;
    session.confirm();
    session.exchanges.reply(status);
    return true;
  }

  /** The first bytes of a raw reply. */
  startRaw(): void {
    this.#version.set('0.9');
    this.#code = 0;
    this.#session.exchanges.reply({ version: '0.9', code: 0, reason: undefined });
  }

  header(line: HeaderLine): void {
    if (line.name === 'connection' && line.word === 'upgrade') this.#isUpgrade = true;
    else if (line.name === 'upgrade') this.#upgrade = line.word;
    else if (isWebSocketHeader(line.name)) this.#session.opening.replyHeader(line.name, line.value);
    else this.#session.exchanges.replyHeader(line);
  }

  bodyRule(): BodyRule {
    const code = this.#code;
    const isEmpty =
      this.#answers('HEAD') || this.#isTunnel || (code >= 100 && code < 200) || code === 204 || code === 304;
    return isEmpty ? 'none' : 'expected';
  }

  newFiles(): Files {
    return this.#session.newFiles(false);
  }

  done(length: number, files: Files | undefined): boolean {
    const session = this.#session;
    const isTunnel = this.#isTunnel;
    const isUpgraded = this.#code === 101 && this.#isUpgrade && this.#upgrade !== undefined;
    const request = session.exchanges.replied;
    session.exchanges.replyDone(length, files, isTunnel || isUpgraded);
    session.isUpgraded = isUpgraded;
    if (isUpgraded && this.#upgrade === 'websocket') session.opening.establish(request);
    if (isTunnel) session.becomeTunnel();
    else if (isUpgraded) session.handOver(upgradeTo(this.#upgrade));
    return isTunnel || isUpgraded;
  }

  /** RFC 9110 §9.3.6: a success makes the connection a tunnel. */
  get #isTunnel(): boolean {
    return this.#code >= 200 && this.#code < 300 && this.#answers('CONNECT');
  }

  #answers(method: string): boolean {
    return this.#session.exchanges.repliedMethod?.toUpperCase() === method;
  }
}

/** The dissector of an upgrade; undefined where what follows is to be detected. RFC 2817 §3.3, RFC 7540 §3.2. */
const upgradeTo = (protocol: string | undefined): string | undefined =>
  protocol === 'tls' ? undefined : protocol === 'h2c' ? 'http2' : protocol;

const KNOWN =
  /^(?:GET|POST|HEAD|PUT|OPTIONS|DELETE|CONNECT|PATCH|TRACE|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|REPORT|SEARCH|QUERY|SUBSCRIBE|POLL|BMOVE)$/i;
/** A first line that is longer than this is judged by its beginning. */
const MAX_FIRST_LINE = 2048;

/** How likely a request begins here. SIP and RTSP share methods but not the version's name. */
function probeRequest(b: Uint8Array): number {
  let end = 0;
  while (end < b.length && end < 24 && isTokenByte(b[end]!)) end++;
  if (end === b.length && end < 24) return -1;
  if (end < 3 || b[end] !== 32) return 0;
  const isKnown = KNOWN.test(latin1Text(b, 0, end));
  const target = b[end + 1];
  if (isKnown && (target === SLASH || target === LETTER_H)) return 0.9;
  const lineEnd = b.indexOf(10);
  if (lineEnd < 0 && b.length < MAX_FIRST_LINE) return isKnown ? -1 : 0;
  const line = latin1Text(b, 0, lineEnd < 0 ? MAX_FIRST_LINE : lineEnd);
  if (line.includes(' HTTP/')) return isKnown ? 1 : 0.9;
  if (line.includes(' SIP/') || line.includes(' RTSP/')) return 0;
  if (lineEnd < 0) return isKnown ? 0.8 : 0;
  return 0;
}

const SLASH = 47;
const LETTER_H = 104;

function probeReply(b: Uint8Array): number {
  const n = Math.min(b.length, STATUS.length);
  for (let i = 0; i < n; i++) if (b[i] !== STATUS[i]) return 0;
  return n === STATUS.length ? 1 : -1;
}

const STATUS = Uint8Array.from('HTTP/1.', (c) => c.charCodeAt(0));

/** True for text: what comes on a port of HTTP and is none may still be answered by a server that speaks it. */
function isText(b: Uint8Array): boolean {
  for (let i = 0; i < b.length && i < 16; i++)
    if (b[i]! > 126 || (b[i]! < 32 && (b[i]! < 9 || b[i]! > 13))) return false;
  return b.length > 0;
}

/** `ranged` and `tunnels` are of one engine. */
const withMemory = (ranged: RangedFiles, tunnels: ProxyTunnels): Dissector => ({
  name: 'http',
  transports: ['tcp'],
  ports: PORTS,
  begins: isTextByte,

  probe(bytes, fromOriginator, destPort) {
    const reply = probeReply(bytes);
    if (reply !== 0) return reply;
    const request = fromOriginator ? probeRequest(bytes) : 0;
    if (request !== 0) return request;
    return PORTS.includes(destPort) && isText(bytes) ? 0.1 : 0;
  },

  open: (connection) => new HttpSession(connection, ranged, tunnels),
  create: () => withMemory(new RangedFiles(), new ProxyTunnels()),
  expire: (now) => ranged.expire(now),
});

export const http: Dissector = withMemory(new RangedFiles(), new ProxyTunnels());
