/** Which certificates were told of already: each is worth one x509 record a day, as in Zeek. */

const DAY = 86_400_000;
/** Certificates remembered at a time; at 100 bytes each this stays under 10 MB. */
const MOST = 65_536;

/** Certificates that an engine has told of, by fingerprint and role. */
export class KnownCertificates {
  readonly #seen = new Map<string, number>();

  /** True if the key was not seen within the last day before `ts`, ms since the epoch; remembers it. */
  isNew(key: string, ts: number): boolean {
    const seen = this.#seen.get(key);
    if (seen !== undefined && ts - seen < DAY) return false;
    this.#seen.delete(key);
    if (this.#seen.size >= MOST) this.#seen.delete(this.#seen.keys().next().value!);
    this.#seen.set(key, ts);
    return true;
  }
}
