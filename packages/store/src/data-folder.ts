/** The data folder: its layout, its schema version and the lock of its one owner. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { ThymusError } from '@thymus/core';

/** Version of the folder's layout. Raised with a step in MIGRATIONS below. */
export const FOLDER_VERSION = 1;

/** Steps from one version of the layout to the next; index 0 leads from 1 to 2. */
const MIGRATIONS: readonly ((path: string) => void)[] = [];

export interface DataFolder {
  readonly path: string;
  /** `state.sqlite`, `bus.sqlite`, the folder `lake`, the socket, the key file and the certificate. */
  file(name: string): string;
  /** True if this call made the folder. */
  readonly isNew: boolean;
  /** Gives the folder up. */
  release(): void;
}

interface Marker {
  product: 'thymus';
  version: number;
  /** Set in folders that hold the simulated estate. */
  demo?: boolean;
}

const MARKER = 'thymus.json';
const LOCK = 'owner.pid';

/** Opens or makes a data folder and becomes its owner. Throws NEWER_DATA, DATA_IN_USE, BAD_FILE or DISK_FULL. */
export function openDataFolder(folder: string, options: { demo?: boolean } = {}): DataFolder {
  const path = resolve(folder);
  const isNew = !existsSync(join(path, MARKER));
  if (isNew) make(path, options.demo ?? false);
  const marker = readMarker(path);
  if (marker.version > FOLDER_VERSION) {
    throw new ThymusError(
      'NEWER_DATA',
      `${path} was written by a newer Thymus (layout ${marker.version}, this one knows ${FOLDER_VERSION}). Upgrade Thymus, or choose another folder with --data.`,
    );
  }
  lock(path);
  for (let version = marker.version; version < FOLDER_VERSION; version++) {
    MIGRATIONS[version - 1]!(path);
    writeMarker(path, { ...marker, version: version + 1 });
  }
  return {
    path,
    isNew,
    file: (name) => join(path, name),
    release: () => rmSync(join(path, LOCK), { force: true }),
  };
}

/** True if the folder holds a simulated estate. */
export const isDemoFolder = (folder: string): boolean =>
  existsSync(join(folder, MARKER)) && readMarker(resolve(folder)).demo === true;

/** Process that owns the folder now, or undefined. */
export function ownerOf(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, LOCK), 'utf8').split(' ')[0]);
    return isAlive(pid, folder) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function make(path: string, demo: boolean): void {
  try {
    if (existsSync(path) && !statSync(path).isDirectory()) {
      throw new ThymusError('BAD_FILE', `${path} is a file; a data folder was expected.`);
    }
    mkdirSync(path, { recursive: true, mode: 0o700 });
    writeMarker(
      path,
      demo
        ? { product: 'thymus', version: FOLDER_VERSION, demo }
        : { product: 'thymus', version: FOLDER_VERSION },
    );
  } catch (error) {
    throw asThymusError(error, path);
  }
}

function readMarker(path: string): Marker {
  try {
    const marker = JSON.parse(readFileSync(join(path, MARKER), 'utf8')) as Marker;
    if (marker.product === 'thymus' && Number.isInteger(marker.version)) return marker;
  } catch (cause) {
    throw new ThymusError(
      'BAD_FILE',
      `${join(path, MARKER)} cannot be read; is ${path} a Thymus data folder?`,
      { cause },
    );
  }
  throw new ThymusError('BAD_FILE', `${join(path, MARKER)} is not the marker of a Thymus data folder.`);
}

const writeMarker = (path: string, marker: Marker): void =>
  writeFileSync(join(path, MARKER), `${JSON.stringify(marker)}\n`, { mode: 0o600 });

/** Start time of a process in clock ticks since boot: tells a process from a later one with the same number. */
function startOf(pid: number): string {
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}

function isAlive(pid: number, path: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return readFileSync(join(path, LOCK), 'utf8') === `${pid} ${startOf(pid)}`;
}

function lock(path: string): void {
  const file = join(path, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = openSync(file, 'wx', 0o600);
      writeFileSync(handle, `${process.pid} ${startOf(process.pid)}`);
      closeSync(handle);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw asThymusError(error, path);
      const owner = ownerOf(path);
      if (owner !== undefined) {
        throw new ThymusError(
          'DATA_IN_USE',
          `${path} is in use by process ${owner}. Stop it, or choose another folder with --data.`,
        );
      }
      rmSync(file, { force: true });
    }
  }
  throw new ThymusError('DATA_IN_USE', `${path} was taken by another process just now.`);
}

/** Turns what the file system says into our words. */
export function asThymusError(error: unknown, path: string): ThymusError {
  if (error instanceof ThymusError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const text = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || /disk is full|No space left/i.test(text)) {
    return new ThymusError('DISK_FULL', `No room left on the disk of ${path}.`, { cause: error });
  }
  return new ThymusError('BAD_FILE', `${path} cannot be used: ${text}.`, { cause: error });
}
