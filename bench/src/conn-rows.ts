/** Made-up connections of a busy day, the same for the same seed: few sources, many destinations, a long tail of both. */
import {
  type Conn,
  connectionUid,
  declarationOf,
  encoderOf,
  Random,
  type RowWriter,
  writeEnrichment,
} from '@thymus/core';

const STATES = [
  ['SF', 'ShADadFf'],
  ['SF', 'ShADadfF'],
  ['SF', 'Dd'],
  ['S0', 'S'],
  ['REJ', 'Sr'],
  ['RSTO', 'ShADadR'],
  ['RSTR', 'ShADadr'],
  ['OTH', 'Cc'],
] as const;
const SERVICES = ['dns', 'ssl', 'http', 'ssl', 'dns', undefined, 'smb', 'krb_tcp'] as const;
const PORTS = [53, 443, 80, 443, 53, 8080, 445, 88];
const MAC = '02:00:00:00:00:';

/** 0 to n-1, small ones far more often. */
const skewed = (random: Random, n: number): number => Math.floor(random.next() ** 3 * n);

function externalAddress(i: number): string {
  return `${20 + (i % 150)}.${(i >> 8) & 255}.${(i * 7) & 255}.${i & 255}`;
}

/** Connections one after the other, `step` ms apart. */
export class ConnMaker {
  readonly #random: Random;
  readonly #step: number;
  #ts: number;

  constructor(seed: number, start: number, step: number) {
    this.#random = new Random(seed);
    this.#ts = start;
    this.#step = step;
  }

  next(): Conn {
    const random = this.#random;
    this.#ts += this.#step;
    const source = skewed(random, 4_000);
    const application = skewed(random, SERVICES.length);
    const [conn_state, history] = STATES[skewed(random, STATES.length)]!;
    const packets = 1 + skewed(random, 200);
    const sent = packets * skewed(random, 900);
    const received = packets * skewed(random, 1_400);
    return {
      kind: 'conn',
      ts: this.#ts,
      uid: connectionUid(this.#ts, random.u32()),
      source_ip: `10.${source >> 12}.${(source >> 8) & 15}.${source & 255}`,
      source_port: 1_024 + skewed(random, 60_000),
      dest_ip: externalAddress(skewed(random, 200_000)),
      dest_port: PORTS[application]!,
      proto: application === 0 ? 'udp' : 'tcp',
      service: SERVICES[application],
      duration: skewed(random, 600_000),
      orig_bytes: sent,
      resp_bytes: received,
      conn_state,
      local_orig: true,
      local_resp: false,
      missed_bytes: 0,
      history,
      orig_pkts: packets,
      orig_ip_bytes: sent + packets * 40,
      resp_pkts: packets,
      resp_ip_bytes: received + packets * 40,
      ip_proto: application === 0 ? 17 : 6,
      orig_l2_addr: `${MAC}${(source & 255).toString(16).padStart(2, '0')}`,
    };
  }
}

const encode = encoderOf(declarationOf('conn')!);

/** Appends a connection as a row of the lake, with what the master adds. */
export function writeRow(writer: RowWriter, conn: Conn, storedDay: number): void {
  encode(writer, conn);
  writeEnrichment(
    writer,
    { source_did: conn.source_port, dest_did: 0, country: 'NO', asn: 64_512 },
    storedDay,
  );
}
