/** The outside world: sites by popularity, with names, addresses and habits of their own. */
import type { Random } from '@thymus/core';

export interface Site {
  /** Host name that clients ask for. */
  host: string;
  addresses: readonly string[];
  /** Certificate subject and issuer for TLS 1.2. */
  subject: string;
  issuer: string;
  /** Median bytes that one connection brings, and how the answer compares to the question. */
  medianDown: number;
  upShare: number;
  isPlain: boolean;
}

const SYLLABLES =
  'al an ar bel bor cal cor dan del dor el en er fal far gal gor han hel in is jar kel kor lan lor mar mel nar nor ol or pan per ral ren ros sal sen sol tal tar tor ul val var vel vor wel yar zan zel'.split(
    ' ',
  );
const PREFIXES = [
  'www',
  'www',
  'www',
  'app',
  'api',
  'cdn',
  'static',
  'mail',
  'login',
  'media',
  'img',
  'portal',
];
const ISSUERS = [
  'CN=Public CA 1,O=Example Trust,C=US',
  'CN=Site CA G2,O=Commons CA,C=DE',
  'CN=R11,O=Open Encrypt,C=US',
];
/** Leading octets of large hosting networks: gives sites a country and a system, and no site a real name. */
const NETWORKS = [
  '13.107',
  '20.190',
  '23.45',
  '34.117',
  '52.84',
  '52.210',
  '99.86',
  '104.16',
  '104.18',
  '142.250',
  '151.101',
  '185.199',
];

/** A pronounceable name of two to four syllables. */
export function inventName(random: Random): string {
  let name = '';
  for (let i = random.integer(2, 4); i > 0; i--) name += random.pick(SYLLABLES);
  return name;
}

const address = (random: Random): string =>
  `${random.pick(NETWORKS)}.${random.integer(0, 255)}.${random.integer(1, 254)}`;

export function inventSite(
  random: Random,
  host = `${random.pick(PREFIXES)}.${inventName(random)}.example`,
): Site {
  return {
    host,
    addresses: Array.from({ length: random.integer(1, 3) }, () => address(random)),
    subject: `CN=${host}`,
    issuer: random.pick(ISSUERS),
    medianDown: random.logNormal(18_000, 1),
    upShare: random.logNormal(0.12, 0.5),
    isPlain: random.chance(0.06),
  };
}

/** Sites in the order of their popularity; a visit draws by Zipf's law. */
export class World {
  readonly sites: readonly Site[];
  readonly #cumulative: Float64Array;

  constructor(random: Random, count: number) {
    this.sites = Array.from({ length: count }, () => inventSite(random));
    this.#cumulative = new Float64Array(count);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      sum += 1 / (i + 3) ** 0.9;
      this.#cumulative[i] = sum;
    }
  }

  draw(random: Random): Site {
    const wanted = random.next() * this.#cumulative.at(-1)!;
    let [low, high] = [0, this.#cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#cumulative[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return this.sites[low]!;
  }
}
