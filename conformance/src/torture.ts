/** Hostile traffic from real traffic: every capture with bits flipped and packets cut must be read without a fault. */
import { join } from 'node:path';
import { type PacketSink, readCaptures } from '@thymus/capture';
import { Random } from '@thymus/core';
import { DISSECTORS, Engine } from '@thymus/dpi';

const LIMITS = { flows: 256, fragments: 32, outOfOrderBytes: 20_000, messageBytes: 20_000 };

export interface TortureReport {
  readonly captures: number;
  readonly packets: number;
  /** What went wrong, by capture and round; the round is the seed. */
  readonly faults: readonly string[];
}

/** Reads every capture `rounds` times: 1 % of bytes changed, one packet of five cut at a random place. */
export async function torture(
  folder: string,
  files: readonly string[],
  rounds: number,
): Promise<TortureReport> {
  const faults: string[] = [];
  let packets = 0;
  for (const file of files) {
    for (let round = 1; round <= rounds; round++) {
      const engine = new Engine({ checksums: 'ignore', limits: LIMITS }, () => {}, DISSECTORS);
      try {
        await readCaptures([join(folder, file)], damage(engine, new Random(round)));
        engine.finish();
      } catch (error) {
        faults.push(`${file} round ${round}: ${(error as Error).stack}`);
      }
      const { counters } = engine;
      packets += counters['packets']!;
      if (counters['faults']! > 0)
        faults.push(`${file} round ${round}: ${counters['faults']} faults of dissectors`);
      if (counters['flows_open'] !== 0) faults.push(`${file} round ${round}: flows are left over`);
    }
  }
  return { captures: files.length, packets, faults };
}

function damage(engine: Engine, random: Random): PacketSink {
  return {
    packet(bytes, offset, caplen, wirelen, ts, linktype) {
      const frame = bytes.slice(offset, offset + caplen);
      for (let n = random.poisson(frame.length / 100); n > 0; n--) {
        frame[random.integer(0, frame.length - 1)]! ^= 1 << random.integer(0, 7);
      }
      const length = random.chance(0.2) ? random.integer(0, frame.length) : frame.length;
      engine.packet(frame, 0, length, wirelen, ts, linktype);
    },
  };
}
