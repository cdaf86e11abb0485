/** Bytes of handshakes for tests, put together from parts that can be read by eye. */

const bytesOf = (text: string): string => text.replace(/\s+/g, '');
const size = (text: string, digits: number): string => (text.length / 2).toString(16).padStart(digits, '0');

/** Hexadecimal digits with their length in `bytes` bytes before them. */
export const counted = (bytes: number, ...parts: string[]): string => {
  const held = bytesOf(parts.join(''));
  return size(held, bytes * 2) + held;
};

/** A text as hexadecimal digits. */
export const letters = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

/** A TLS record of a content type: 14 alert, 15 handshake and so on, in hexadecimal. */
export const tlsRecord = (type: string, ...parts: string[]): string => `${type}0303${counted(2, ...parts)}`;

/** A handshake message of a type. */
export const tlsMessage = (type: string, ...parts: string[]): string => type + counted(3, ...parts);

export const extension = (type: string, ...parts: string[]): string => type + counted(2, ...parts);

const RANDOM = '11'.repeat(32);

/** Body of a client hello: TLS 1.2, ciphers c02f and 1301 unless told otherwise. */
export const clientHelloBody = ({
  session = '',
  cookie,
  extensions = '',
  ciphers = 'c02f 1301',
}: {
  session?: string;
  cookie?: string;
  extensions?: string;
  ciphers?: string;
} = {}): string =>
  `0303${RANDOM}${counted(1, session)}${cookie === undefined ? '' : counted(1, cookie)}${counted(2, ciphers)}0100${counted(2, extensions)}`;

/** Body of a server hello: TLS 1.2, cipher c02f unless told otherwise. */
export const serverHelloBody = ({
  session = '',
  cipher = 'c02f',
  extensions = '',
  random = RANDOM,
}: {
  session?: string;
  cipher?: string;
  extensions?: string;
  random?: string;
} = {}): string => `0303${random}${counted(1, session)}${cipher}00${counted(2, extensions)}`;

export const serverName = (name: string): string =>
  extension('0000', counted(2, '00', counted(2, letters(name))));
