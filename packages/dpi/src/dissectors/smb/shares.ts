/** Shares and open files of one connection, and the records of what is done with them. Rows as Zeek's smb_mapping and smb_files. */
import type { SmbFiles } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import type { Authentication } from '../authentication.ts';
import { isPipeName } from './names.ts';
import { Pipe } from './pipe.ts';
import type { Sink } from './sink.ts';
import { Transfers } from './transfers.ts';

export type ShareType = 'DISK' | 'PIPE' | 'PRINT';

export interface Tree {
  path?: string | undefined;
  service?: string | undefined;
  fileSystem?: string | undefined;
  /** Undefined where the answer to the connect was not seen. */
  type?: ShareType | undefined;
}

export interface Times {
  readonly modified: number;
  readonly accessed: number;
  readonly created: number;
  readonly changed: number;
}

export interface OpenFile {
  readonly ts: number;
  readonly tree: Tree;
  name?: string | undefined;
  previous?: string | undefined;
  path?: string | undefined;
  size: number;
  times?: Times | undefined;
  fuid?: string | undefined;
  /** It is deleted when the handle is closed. */
  isDoomed: boolean;
  /** The handle was closed before the answer to its opening came. */
  isClosed: boolean;
  isRead: boolean;
  isWritten: boolean;
  pipe?: Pipe | undefined;
}

/** Kinds of actions that become records; of reads and writes the first by a handle, and only on demand. */
type Action = 'OPEN' | 'CLOSE' | 'DELETE' | 'RENAME' | 'READ' | 'WRITE';

/** Shares, open files and rows that are remembered. */
const MOST_TREES = 256;
const MOST_FILES = 4_096;
const MOST_RECENT = 1_024;
/** ms that a row is not repeated for. */
const RECENT = 180_000;

export class Shares {
  readonly #connection: Connection;
  readonly #authentication: Authentication;
  readonly #trees = new Map<number, Tree>();
  readonly #files = new Map<number | bigint, OpenFile>();
  readonly #transfers: Transfers;
  readonly #recent = new Map<string, number>();

  constructor(connection: Connection, authentication: Authentication) {
    this.#connection = connection;
    this.#authentication = authentication;
    this.#transfers = new Transfers(connection);
  }

  tree(id: number): Tree {
    const known = this.#trees.get(id);
    if (known) return known;
    const tree: Tree = {};
    this.#keepTree(id, tree);
    return tree;
  }

  /** A share was opened. */
  connected(id: number, tree: Tree): void {
    this.#keepTree(id, tree);
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    this.#connection.emit({
      kind: 'smb_mapping',
      ts,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      path: tree.path,
      service: tree.service,
      native_file_system: tree.fileSystem,
      share_type: tree.type ?? 'DISK',
    });
  }

  disconnected(id: number): void {
    this.#trees.delete(id);
  }

  /** A file is to be opened. */
  opening(name: string, tree: Tree, isDoomed: boolean): OpenFile {
    if (tree.type === undefined && isPipeName(name)) {
      tree.type = 'PIPE';
      tree.path ??= '<unknown>';
    }
    const shown = name === '' ? '<share_root>' : name;
    return { ...this.#fresh(tree), name: shown, isDoomed };
  }

  opened(id: number | bigint, file: OpenFile, size: number, times: Times | undefined): void {
    file.size = size;
    file.times = times;
    file.path = file.tree.path;
    this.#log(file, 'OPEN', file.ts);
    if (file.isClosed) return;
    if (this.#files.size >= MOST_FILES) {
      const [oldest] = this.#files.keys();
      if (oldest !== undefined) this.#drop(oldest);
    }
    this.#files.set(id, file);
  }

  /** An open file, or one that was opened before the connection was seen. */
  file(id: number | bigint, tree: Tree): OpenFile {
    const known = this.#files.get(id);
    if (known) return known;
    const file = this.#fresh(tree);
    if (this.#files.size < MOST_FILES) this.#files.set(id, file);
    return file;
  }

  renamed(file: OpenFile, name: string): void {
    file.previous = file.name;
    file.name = name;
    this.#log(file, 'RENAME');
  }

  deleted(file: OpenFile): void {
    this.#log(file, 'DELETE');
  }

  closed(id: number | bigint | undefined, file: OpenFile): void {
    file.path ??= file.tree.path;
    file.isClosed = true;
    if (file.isDoomed) this.#log(file, 'DELETE');
    if (file.tree.type === 'PRINT') this.#log(file, 'CLOSE');
    if (id !== undefined) this.#drop(id);
  }

  /** Where the bytes of a read or write go; undefined if they need not be looked at. */
  content(file: OpenFile | undefined, isWrite: boolean, offset: number): Sink | undefined {
    if (!file) return undefined;
    if (file.tree.type === 'PIPE') return this.pipe(file).sink(isWrite);
    if (file.name === undefined) return undefined;
    const { sink, fuid } = this.#transfers.part(this.#identity(file), isWrite, offset);
    file.fuid = fuid;
    if (isWrite ? !file.isWritten : !file.isRead) this.#moved(file, isWrite);
    return sink;
  }

  pipe(file: OpenFile): Pipe {
    file.pipe ??= new Pipe(this.#connection, this.#authentication, file.name);
    return file.pipe;
  }

  close(): void {
    for (const file of this.#files.values()) file.pipe?.close();
    this.#files.clear();
    this.#transfers.close();
  }

  /** A handle reads or writes for the first time. */
  #moved(file: OpenFile, isWrite: boolean): void {
    if (isWrite) file.isWritten = true;
    else file.isRead = true;
    file.path ??= file.tree.path;
    if (this.#connection.isWanted(isWrite ? 'smb_writes' : 'smb_reads'))
      this.#log(file, isWrite ? 'WRITE' : 'READ');
  }

  #fresh(tree: Tree): OpenFile {
    const { ts } = this.#connection;
    return { ts, tree, size: 0, isDoomed: false, isClosed: false, isRead: false, isWritten: false };
  }

  #keepTree(id: number, tree: Tree): void {
    if (this.#trees.size >= MOST_TREES) {
      const [oldest] = this.#trees.keys();
      if (oldest !== undefined) this.#trees.delete(oldest);
    }
    this.#trees.set(id, tree);
  }

  #drop(id: number | bigint): void {
    const file = this.#files.get(id);
    if (!file) return;
    this.#files.delete(id);
    file.pipe?.close();
    if (file.fuid !== undefined) this.#transfers.closed(this.#identity(file));
  }

  #identity({ name, path, times, size }: OpenFile) {
    return { name: name ?? '', path, modified: times?.modified, size };
  }

  #log(file: OpenFile, action: Action, ts: number = this.#connection.ts): void {
    const { name, path, size, times, previous, fuid, tree } = file;
    if (name === undefined || tree.type === 'PIPE') return;
    const isPrint = tree.type === 'PRINT' && action !== 'DELETE' && action !== 'RENAME';
    const kind = isPrint ? 'PRINT' : 'FILE';
    const told = `SMB::${kind}_${action}`;
    if (times && this.#isRepeated(`${told}|${fuid ?? ''}|${name}|${path ?? ''}|${size}|${timesKey(times)}`))
      return;
    const { uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    const row: SmbFiles = { kind: 'smb_files', ts, uid, source_ip, source_port, dest_ip, dest_port };
    Object.assign(row, { fuid, action: told, path, name, size, prev_name: previous });
    if (times) {
      row.times_modified = times.modified;
      row.times_accessed = times.accessed;
      row.times_created = times.created;
      row.times_changed = times.changed;
    }
    this.#connection.emit(row);
  }

  /** The same of the same file again, within some minutes: only the time of access may differ. */
  #isRepeated(key: string): boolean {
    const { ts } = this.#connection;
    const last = this.#recent.get(key);
    this.#recent.delete(key);
    this.#recent.set(key, ts);
    if (this.#recent.size > MOST_RECENT) {
      const [oldest] = this.#recent.keys();
      if (oldest !== undefined) this.#recent.delete(oldest);
    }
    return last !== undefined && ts - last < RECENT;
  }
}

const timesKey = ({ modified, created, changed }: Times): string => `${modified} ${created} ${changed}`;
