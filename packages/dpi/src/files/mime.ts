/** MIME type of a file by its first bytes, under the names that Zeek's files.log and http.log use. */

import { latin1Text } from '../text.ts';

/** As many bytes of a file as are looked at. */
export const MIME_WINDOW = 4096;

interface Magic {
  type: string;
  /** Where the bytes stand. */
  at: number;
  bytes: Uint8Array;
}

const magic = (type: string, text: string, at = 0): Magic => ({
  type,
  at,
  bytes: Uint8Array.from(text, (c) => c.charCodeAt(0)),
});

/** In order: the first that fits wins, so longer ones stand before shorter ones with the same beginning. */
const MAGICS: readonly Magic[] = [
  magic('image/png', '\x89PNG'),
  magic('image/jpeg', '\xff\xd8'),
  magic('image/gif', 'GIF8'),
  magic('image/tiff', 'MM\0*'),
  magic('image/tiff', 'II*\0'),
  magic('image/x-icon', '\0\0\x01\0'),
  magic('image/x-cursor', '\0\0\x02\0'),
  magic('image/vnd.adobe.photoshop', '8BPS'),
  magic('application/x-dosexec', 'MZ'),
  magic('application/x-mach-o-executable', '\xce\xfa\xed\xfe'),
  magic('application/x-mach-o-executable', '\xcf\xfa\xed\xfe'),
  magic('application/x-ms-shortcut', 'L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F'),
  magic('application/x-rar', 'Rar!'),
  magic('application/x-gzip', '\x1f\x8b'),
  magic('application/x-compress', '\x1f\x9d'),
  magic('application/x-bzip2', 'BZh'),
  magic('application/x-xz', '\xfd7zXZ\0'),
  magic('application/x-7z-compressed', '7z\xbc\xaf\x27\x1c'),
  magic('application/x-lzip', 'LZIP'),
  magic('application/x-lz4', '\x04\x22M\x18'),
  magic('application/x-lzma', ']\0\0'),
  magic('application/x-arj', '\x60\xea'),
  magic('application/vnd.ms-cab-compressed', 'MSCF\0\0\0\0'),
  magic('application/x-xar', 'xar!'),
  magic('application/x-rpm', '\xed\xab\xee\xdb'),
  magic('application/x-debian-package', '!<arch>\ndebian'),
  magic('application/x-archive', '!<arch>'),
  magic('application/x-tar', 'ustar', 257),
  magic('application/x-ace', '**ACE**', 7),
  magic('application/pdf', '%PDF-'),
  magic('application/postscript', '%!PS'),
  magic('text/rtf', '{\\rtf'),
  magic('application/msword', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
  magic('application/vnd.ms-tnef', '\x78\x9f\x3e\x22'),
  magic('application/x-shockwave-flash', 'FWS'),
  magic('application/x-shockwave-flash', 'CWS'),
  magic('application/x-shockwave-flash', 'ZWS'),
  magic('application/vnd.tcpdump.pcap', '\xa1\xb2\xc3\xd4'),
  magic('application/vnd.tcpdump.pcap', '\xd4\xc3\xb2\xa1'),
  magic('application/ogg', 'OggS'),
  magic('application/font-woff', 'wOFF'),
  magic('application/font-woff', 'wOF2'),
  magic('application/vnd.ms-opentype', 'OTTO'),
  magic('application/x-font-ttf', '\0\x01\0\0\0'),
  magic('application/x-pem', '-----BEGIN CERTIFICATE-----'),
  magic('audio/mpeg', 'ID3'),
  magic('audio/x-flac', 'fLaC'),
  magic('audio/midi', 'MThd'),
  magic('video/x-flv', 'FLV'),
  magic('video/x-ms-asf', '\x30\x26\xb2\x75'),
  magic('video/mpv', '\0\0\x01\xb3'),
  magic('video/mpeg', '\0\0\x01\xba'),
];

const byFirst: readonly Magic[][] = Array.from({ length: 256 }, (_, first) =>
  MAGICS.filter(({ at, bytes }) => at === 0 && bytes[0] === first),
);
const further = MAGICS.filter(({ at }) => at > 0);

/** Type of a file that begins with the bytes; undefined where nothing fits. */
export function mimeType(b: Uint8Array): string | undefined {
  if (b.length === 0) return undefined;
  for (const { type, bytes } of byFirst[b[0]!]!) if (matches(b, bytes, 0)) return type;
  for (const { type, bytes, at } of further) if (matches(b, bytes, at)) return type;
  return containerType(b) ?? textType(b);
}

function matches(b: Uint8Array, bytes: Uint8Array, at: number): boolean {
  if (at + bytes.length > b.length) return false;
  for (let i = 0; i < bytes.length; i++) if (b[at + i] !== bytes[i]) return false;
  return true;
}

const text = (b: Uint8Array, from: number, to: number): string =>
  from < b.length ? latin1Text(b, from, Math.min(to, b.length)) : '';

/** Four bytes as a number, to compare beginnings without making texts of them. */
const word = (b: Uint8Array, at: number): number =>
  ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;

/** Formats whose kind stands behind a common beginning. */
function containerType(b: Uint8Array): string | undefined {
  switch (word(b, 0)) {
    case 0x504b_0304:
      return zipType(b);
    case 0x7f45_4c46:
      return elfType(b);
    case 0x5249_4646:
      return RIFF_TYPES[text(b, 8, 12)];
    case 0xcafe_babe:
      return b[6] === 0 && b[7]! < 0x15 ? 'application/x-mach-o-executable' : 'application/x-java-applet';
    case 0x1a45_dfa3:
      return text(b, 4, 64).includes('webm') ? 'video/webm' : 'video/x-matroska';
  }
  switch (word(b, 4)) {
    case 0x6674_7970:
      return MP4_TYPES[text(b, 8, 11)] ?? 'video/mp4';
    case 0x6d6f_6f76:
    case 0x6d64_6174:
      return 'video/quicktime';
  }
  if (b[0] === 0x42 && b[1] === 0x4d && b[15] === 0 && BITMAP_HEADERS.includes(b[14]!))
    return 'image/x-ms-bmp';
  return b[0] === 0x30 ? ocspType(b) : undefined;
}

/** Lengths of the second header of a bitmap. */
const BITMAP_HEADERS: readonly number[] = [12, 40, 64, 108, 124, 128];

const RIFF_TYPES: Readonly<Record<string, string>> = {
  WEBP: 'image/webp',
  WAVE: 'audio/x-wav',
  'AVI ': 'video/x-msvideo',
};

/** By the first three letters of the brand. */
const MP4_TYPES: Readonly<Record<string, string>> = {
  M4A: 'audio/mp4',
  '3gp': 'video/3gpp',
  '3ge': 'video/3gpp',
  '3gg': 'video/3gpp',
  'qt ': 'video/quicktime',
  jp2: 'image/jp2',
};

const ELF_TYPES = [
  undefined,
  'application/x-object',
  'application/x-executable',
  'application/x-sharedlib',
  'application/x-coredump',
];

const elfType = (b: Uint8Array): string | undefined => ELF_TYPES[b[5] === 2 ? b[17]! : b[16]!];

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OFFICE_PARTS: readonly [string, string][] = [
  ['word/', `${OFFICE}.wordprocessingml.document`],
  ['xl/', `${OFFICE}.spreadsheetml.sheet`],
  ['ppt/', `${OFFICE}.presentationml.presentation`],
];

function zipType(b: Uint8Array): string {
  const name = text(b, 30, 90);
  if (name.startsWith('mimetypeapplication/')) {
    const type = /^mimetype([a-z./+-]+)/.exec(name)?.[1];
    if (type) return type.endsWith('PK') ? type.slice(0, -2) : type;
  }
  if (name.startsWith('META-INF/')) return 'application/java-archive';
  if (name.startsWith('[Content_Types].xml') || name.startsWith('_rels/.rels')) {
    const all = latin1Text(b);
    for (const [part, type] of OFFICE_PARTS) if (all.includes(part)) return type;
  }
  return b[4] === 0x14 && b[6] === 6 ? OFFICE : 'application/zip';
}

/** RFC 6960: the algorithm of a request's hashes, or the kind of a response, stands within the first bytes. */
function ocspType(b: Uint8Array): string | undefined {
  const head = text(b, 11, 32);
  if (head.includes('\x06\x05\x2b\x0e\x03\x02\x1a')) return 'application/ocsp-request';
  if (head.includes('\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01')) return 'application/ocsp-response';
  return undefined;
}

/** Fewer printable bytes than this at the beginning do not make a text. */
const TEXT_BYTES = 10;

function textType(b: Uint8Array): string | undefined {
  let at = matches(b, BOM, 0) ? 3 : 0;
  if (at + 2 > b.length) return undefined;
  const isUtf16 = at === 0 && ((b[0] === 0xff && b[1] === 0xfe) || (b[0] === 0xfe && b[1] === 0xff));
  if (isUtf16) at = 2;
  const isText = isPrintable(b, at, at + TEXT_BYTES);
  const head = text(b, at, at + 1024);
  return markupType(head) ?? scriptType(head) ?? (isText ? plainType(b) : undefined);
}

const DIFF = /^--- [^\n]*\n\+\+\+ [^\n]*\n@@/m;

/** A diff may stand behind a letter that introduces it. */
const plainType = (b: Uint8Array): string => (DIFF.test(latin1Text(b)) ? 'text/x-diff' : 'text/plain');

const BOM = Uint8Array.of(0xef, 0xbb, 0xbf);

function isPrintable(b: Uint8Array, from: number, to: number): boolean {
  if (to > b.length) return false;
  for (let i = from; i < to; i++) {
    const c = b[i]!;
    if ((c < 0x20 || c > 0x7e) && (c < 9 || c > 13)) return false;
  }
  return true;
}

// These run once a file, on at most 1 KiB of it, and none of them can backtrack far.
const SPACE_AND_COMMENTS = /^(?:\s+|<!--[\s\S]*?-->)*/;
const HTML = /^<(?:!doctype +html|html|head|title|body|meta +http-equiv)/i;
const SCRIPT_TAG = /^<script(?:>\s*(?:var|function) |\s+(?:type|language)=['"]?(?:text\/)?javascript)/i;
const JSON_OBJECT = /^\s*\{\s*(?:"[^"]+"|[a-zA-Z][\w\\]*)\s*:\s*(?:["[{\d]|true|false)/;
const JSON_ARRAY = /^\s*\[\s*(?:(?:"[^"]+"|\d+(?:\.\d+)?|true|false)\s*,|[{[])/;
const JSON_EMPTY = /^\s*(?:\[\]|\{\})\s*$/;

function markupType(head: string): string | undefined {
  if (JSON_OBJECT.test(head) || JSON_ARRAY.test(head) || JSON_EMPTY.test(head)) return 'text/json';
  const start = head.slice(SPACE_AND_COMMENTS.exec(head)![0].length);
  if (!start.startsWith('<')) return undefined;
  if (HTML.test(start)) return 'text/html';
  if (SCRIPT_TAG.test(start)) return 'application/javascript';
  if (!start.startsWith('<?xml ')) return XML_ROOTS.find(([root]) => root.test(start))?.[1];
  const rest = start.slice(start.indexOf('?>') + 2);
  const root = rest.slice(SPACE_AND_COMMENTS.exec(rest)![0].length);
  if (HTML.test(root)) return 'text/html';
  return XML_ROOTS.find(([pattern]) => pattern.test(root))?.[1] ?? 'application/xml';
}

const XML_ROOTS: readonly [RegExp, string][] = [
  [/^<rss[^>]*xmlns:atom|^<feed[^>]*www\.w3\.org\/2005\/Atom/i, 'text/atom'],
  [/^<rss/i, 'text/rss'],
  [/^<soap(?:-env)?:envelope/i, 'application/soap+xml'],
  [/^<!doctype +cross-domain-policy|^<cross-domain-policy/i, 'text/x-cross-domain-policy'],
  [/^<methodresponse>/i, 'application/xml-rpc'],
];

const INTERPRETER = /^#![^\n]{1,15}bin\/(?:env\s+)?(\w+)/;
const INTERPRETERS: Readonly<Record<string, string>> = {
  perl: 'text/x-perl',
  ruby: 'text/x-ruby',
  python: 'text/x-python',
  python2: 'text/x-python',
  python3: 'text/x-python',
  awk: 'text/x-awk',
  gawk: 'text/x-awk',
  tclsh: 'text/x-tcl',
  lua: 'text/x-lua',
  php: 'text/x-php',
  node: 'application/javascript',
};

function scriptType(head: string): string | undefined {
  const interpreter = INTERPRETER.exec(head)?.[1];
  if (interpreter)
    return INTERPRETERS[interpreter] ?? (interpreter.endsWith('sh') ? 'text/x-shellscript' : undefined);
  if (/^[^\n]*<\?php/.test(head)) return 'text/x-php';
  const isScript = /^\s*(?:for \(;;\);|document\.write(?:ln)?\s?\()|^\(function\(\)[ \t\n]*\{/.test(head);
  return isScript ? 'application/javascript' : undefined;
}
