/**
 * `npm run suite -- live [--rate=150000] [--seconds=30] [--overload=0]`: packets sent over a pair of virtual interfaces
 * in network namespaces of their own, captured by a served data folder. What a sender of our own says it sent is
 * compared with what the appliance says it dissected and dropped. Needs root, iproute2, tcpdump and gcc.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ethernetFrame,
  ipPacket,
  joinBytes,
  LINKTYPE_ETHERNET,
  pcapHeader,
  pcapPacket,
  Random,
  TCP_FLAGS,
  tcpSegment,
  udpDatagram,
} from '@thymus/core';
import { type Ask, askFolder } from '../src/program.ts';
import { numberOption, type SuiteContext } from '../src/suite-context.ts';

const RATE = 150_000;
const SECONDS = 30;
/** More than two cores can send and take at once. */
const OVERLOAD = 600_000;
/** Sent and recorded + dropped may differ by so much under overload. */
const TOLERANCE = 0.001;
const FLOWS = 2000;
/** The mean size of packets in the mix that dissection is measured with. */
const MEAN_SIZE = 420;

interface CaptureFigures {
  name: string;
  isUp: boolean;
  packets: number;
  dropped: number;
  deviceDropped: number;
}

/** A pair of interfaces, each in a namespace of its own: `a` receives, `b` sends. */
class Wire {
  readonly receiver: string;
  readonly sender: string;
  readonly #id = process.pid % 10_000;

  constructor() {
    this.receiver = `thymus-a${this.#id}`;
    this.sender = `thymus-b${this.#id}`;
    const { receiver, sender } = this;
    const [a, b] = [`ta${this.#id}`, `tb${this.#id}`];
    ip('netns', 'add', receiver);
    ip('netns', 'add', sender);
    ip('link', 'add', a, 'netns', receiver, 'type', 'veth', 'peer', 'name', b, 'netns', sender);
    for (const [space, name, own] of [
      [receiver, a, 'wire0'],
      [sender, b, 'wire1'],
    ] as const) {
      ip('-n', space, 'link', 'set', name, 'name', own);
      // Without it the kernel would send of its own accord.
      execFileSync('ip', ['netns', 'exec', space, 'sysctl', '-qw', `net.ipv6.conf.${own}.disable_ipv6=1`]);
      ip('-n', space, 'link', 'set', own, 'up');
    }
    ip('-n', receiver, 'link', 'set', 'lo', 'up');
  }

  remove(): void {
    ip('netns', 'delete', this.receiver);
    ip('netns', 'delete', this.sender);
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Conversations of many hosts: TCP segments and datagrams of mixed sizes. */
function writeTraffic(path: string): void {
  const random = new Random(5);
  const macs = { source: '02:00:00:00:00:01', dest: '02:00:00:00:00:02' };
  const parts = [pcapHeader(LINKTYPE_ETHERNET)];
  for (let i = 0; i < FLOWS * 10; i++) {
    const flow = i % FLOWS;
    const round = Math.floor(i / FLOWS);
    const ends = { source: `10.1.${flow >> 8}.${flow & 255}`, dest: `10.2.0.${flow % 250}`, id: i & 0xffff };
    const payload = new Uint8Array(random.integer(10, 2 * (MEAN_SIZE - 54) - 10)).fill(round + 65);
    const ports = { sourcePort: 20_000 + flow, destPort: flow % 3 === 0 ? 443 : 8000 };
    const transport =
      flow % 4 === 0
        ? udpDatagram(ports.sourcePort, 9000, payload)
        : tcpSegment({ ...ports, seq: round * 1000, flags: TCP_FLAGS.ACK | TCP_FLAGS.PSH }, payload);
    parts.push(pcapPacket(0, ethernetFrame(macs, ipPacket(ends, transport))));
  }
  writeFileSync(path, joinBytes(...parts));
}

export async function run({ folder, say }: SuiteContext): Promise<void> {
  const program = join(folder, 'sender');
  execFileSync('gcc', ['-O2', '-o', program, join(import.meta.dirname, 'live/sender.c')]);
  const traffic = join(folder, 'traffic.pcap');
  writeTraffic(traffic);
  const wire = new Wire();
  try {
    const rate = numberOption('rate', RATE);
    const seconds = numberOption('seconds', SECONDS);
    const send = (at: number) => sendPackets(wire, program, traffic, at, seconds);
    const rated = await measure(wire, join(folder, 'rated'), say, () => send(rate));
    if (rated.sent < rate * seconds * 0.98) throw new Error(`Only ${rated.sent} packets could be sent.`);
    if (rated.recorded !== rated.sent) throw new Error(`${rated.sent - rated.recorded} packets were lost.`);
    const over = await measure(wire, join(folder, 'overload'), say, () =>
      send(numberOption('overload', OVERLOAD)),
    );
    const missing = over.sent - over.recorded - over.dropped;
    if (Math.abs(missing) > over.sent * TOLERANCE)
      throw new Error(`${missing} packets are not accounted for.`);
  } finally {
    wire.remove();
  }
}

interface Outcome {
  sent: number;
  recorded: number;
  dropped: number;
}

async function measure(
  wire: Wire,
  folder: string,
  say: (text: string) => void,
  send: () => Promise<number>,
): Promise<Outcome> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'thymus.yaml'), 'capture_interface: wire0\n');
  return askFolder(
    folder,
    async (ask) => {
      await figures(ask, ({ isUp }) => isUp);
      const sent = await send();
      const { packets, dropped, deviceDropped } = await untilQuiet(ask);
      const lost = dropped + deviceDropped;
      say(`${sent} packets sent, ${packets} dissected, ${dropped} + ${deviceDropped} reported as dropped.`);
      return { sent, recorded: packets, dropped: lost };
    },
    ['ip', 'netns', 'exec', wire.receiver],
  );
}

async function sendPackets(wire: Wire, program: string, traffic: string, rate: number, seconds: number) {
  const args = ['netns', 'exec', wire.sender, program, 'wire1', traffic, String(rate), String(seconds)];
  const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  await once(child, 'close');
  return Number(text.split(' ')[0]);
}

/** What capture says of its interface, once it fits. */
async function figures(ask: Ask, fits: (figures: CaptureFigures) => boolean): Promise<CaptureFigures> {
  for (;;) {
    const { capture = [] } = await ask<{ capture?: CaptureFigures[] }>('/status');
    const found = capture[0];
    if (found && fits(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** The figures when nothing has come for three reports. */
async function untilQuiet(ask: Ask): Promise<CaptureFigures> {
  let before = await figures(ask, () => true);
  for (let quiet = 0; quiet < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 6000));
    const now = await figures(ask, () => true);
    quiet = now.packets === before.packets && now.dropped === before.dropped ? quiet + 1 : 0;
    before = now;
  }
  return before;
}
