/** What internal hosts run, as they say themselves, each program and version told once. Rows as Zeek's software.log. */
import type { Emit } from '../face.ts';
import { remember } from './bounded.ts';
import { readVersion, versionKey } from './version.ts';

/** Hosts that are remembered, and texts of each: a host that calls itself something new each time is no news. */
const MOST_HOSTS = 16_384;
const MOST_TEXTS = 64;
const MOST_TEXT = 512;

/** Where a text was seen. */
export interface Sighting {
  readonly ts: number;
  readonly uid: string | undefined;
  readonly host: string;
  /** Port, of servers. */
  readonly host_p?: number;
  readonly software_type: string;
}

export class SoftwareSeen {
  readonly #emit: Emit;
  readonly #hosts = new Map<string, Set<string>>();

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** True if the text of a host is news, once; cheap, as it is asked for each record. */
  isNew(host: string, text: string): boolean {
    const texts = this.#hosts.get(host);
    if (!texts) remember(this.#hosts, host, new Set([text]), MOST_HOSTS);
    else if (texts.has(text) || texts.size >= MOST_TEXTS) return false;
    else texts.add(text);
    return true;
  }

  /** Tells of a program, unless it was told of by another text of the same host. */
  tell({ ts, uid, host, host_p, software_type }: Sighting, text: string): void {
    const version = readVersion(text.slice(0, MOST_TEXT));
    if (!version || !this.isNew(host, `${software_type} ${versionKey(version)}`)) return;
    const unparsed_version = text.slice(0, MOST_TEXT);
    this.#emit({
      kind: 'software',
      ts,
      host,
      ...(host_p !== undefined && { host_p }),
      software_type,
      ...version,
      unparsed_version,
      ...(uid !== undefined && { uid }),
    });
  }
}
