/** Files seen in transfer, written to a folder under names of our own, as Zeek names them: nothing of a name comes from the wire. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSink, FileStart } from '@thymus/dpi';

/** Bytes that wait until they are written at once; no file is held open. */
const CHUNK = 65_536;

class ExtractedFile implements FileSink {
  readonly name: string;
  readonly #path: string;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #isMade = false;

  constructor(folder: string, name: string) {
    this.name = name;
    this.#path = join(folder, name);
  }

  write(bytes: Uint8Array): void {
    this.#waiting.push(bytes.slice());
    this.#bytes += bytes.length;
    if (this.#bytes >= CHUNK) this.#flush();
  }

  end(): void {
    if (this.#bytes > 0) this.#flush();
  }

  /** The first write makes the file and replaces what an earlier run left there. */
  #flush(): void {
    const content = Buffer.concat(this.#waiting);
    if (this.#isMade) appendFileSync(this.#path, content);
    else writeFileSync(this.#path, content, { mode: 0o600 });
    this.#isMade = true;
    this.#waiting = [];
    this.#bytes = 0;
  }
}

/** Makes what an engine asks where to write a file. The folder is made if missing. */
export function extractTo(folder: string): (fuid: string, start: FileStart, ts: number) => FileSink {
  mkdirSync(folder, { recursive: true });
  return (fuid, { source }, ts) => {
    const word = source.replace(/[^A-Za-z0-9_]/g, '');
    return new ExtractedFile(folder, `extract-${(ts / 1_000).toFixed(6)}-${word}-${fuid}`);
  };
}
