/** Data connections of FTP, and of IRC's DCC: what comes is a file. They are known by announcement only. */
import type { Connection, Dissector, Session } from '../../dissector.ts';
import type { FileTransfer } from '../../files/transfer.ts';

/** What a data connection tells who announced it: its file, and the type of that once `isTold`. */
export interface Transfer {
  readonly fuid?: string;
  readonly mimeType?: string | undefined;
  readonly isTold?: boolean;
}

type Listener = (transfer: Transfer) => void;

/** One connection whose bytes are files, one for each direction. */
class DataSession implements Session {
  readonly #connection: Connection;
  readonly #source: string;
  readonly #listener: Listener | undefined;
  readonly #files: [FileTransfer | undefined, FileTransfer | undefined] = [undefined, undefined];
  /** What goes the other way than the first is not what was announced. */
  #first: FileTransfer | undefined;
  #isTold = false;

  constructor(connection: Connection, source: string) {
    this.#connection = connection;
    this.#source = source;
    const { context } = connection;
    this.#listener = typeof context === 'function' ? (context as Listener) : undefined;
    connection.confirm();
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const file = this.#file(fromOriginator);
    file.data(bytes);
    if (!this.#isTold) this.#tell(file);
    return bytes.length;
  }

  gap(length: number, fromOriginator: boolean): void {
    this.#file(fromOriginator).gap(length);
  }

  end(fromOriginator: boolean): void {
    const file = this.#files[fromOriginator ? 0 : 1];
    if (!file) return;
    file.end();
    if (!this.#isTold) this.#tell(file, true);
  }

  close(): void {
    this.end(true);
    this.end(false);
  }

  #file(isOrig: boolean): FileTransfer {
    const side = isOrig ? 0 : 1;
    const known = this.#files[side];
    if (known) return known;
    const file = this.#connection.file({ source: this.#source, isOrig });
    this.#files[side] = file;
    this.#first ??= file;
    if (this.#first === file) this.#listener?.({ fuid: file.fuid });
    return file;
  }

  #tell(file: FileTransfer, isOver = false): void {
    const { fuid, mimeType } = file;
    if (file !== this.#first || (mimeType === undefined && !isOver)) return;
    this.#isTold = true;
    this.#listener?.({ fuid, mimeType, isTold: true });
  }
}

const dataDissector = (name: string, source: string): Dissector => ({
  name,
  transports: ['tcp'],
  ports: [],
  begins: () => false,
  probe: () => 0,
  open: (connection) => new DataSession(connection, source),
});

export const ftpData: Dissector = dataDissector('ftp-data', 'FTP_DATA');
export const ircData: Dissector = dataDissector('irc-dcc-data', 'IRC_DATA');
