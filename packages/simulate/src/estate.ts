/** The estate: who is in the office, with names, addresses, network cards and habits. */
import { Random } from '@thymus/core';
import { inventName, inventSite, type Site, World } from './world.ts';

export type Role =
  | 'desktop'
  | 'laptop'
  | 'admin'
  | 'domain-controller'
  | 'file-server'
  | 'backup-server'
  | 'update-server'
  | 'monitoring'
  | 'printer'
  | 'camera'
  | 'phone';

export interface Machine {
  role: Role;
  hostname: string;
  mac: string;
  /** Address now; laptops change theirs. */
  ip: string;
  /** User of a client. */
  user: string;
  /** Sites that this machine's user likes, most liked first. */
  favourites: readonly Site[];
  /** How the TLS client introduces itself. */
  browser: Browser;
  /** Working hours, with the user's own phase. */
  startsAt: number;
  endsAt: number;
  /** 1 = a usual user. */
  activity: number;
  random: Random;
}

export interface Browser {
  userAgent: string;
  ja3: string;
  ja4: string;
}

export interface Estate {
  machines: readonly Machine[];
  clients: readonly Machine[];
  domainController: Machine;
  fileServer: Machine;
  backupServer: Machine;
  updateServer: Machine;
  monitoring: Machine;
  printers: readonly Machine[];
  world: World;
  /** Sites that machines of a kind call home to: updates, time, vendor clouds. */
  vendors: Record<'updates' | 'antivirus' | 'chat' | 'camera' | 'time', Site>;
  /** Names and realm of the directory. */
  domain: string;
  realm: string;
  gatewayMac: string;
}

const BROWSERS: readonly Browser[] = [
  {
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
    ja3: '5d6f0e2d3c1b4a5968778695a4b3c2d1',
    ja4: 't13d1516h2_8daaf6152771_02713d6af862',
  },
  {
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
    ja3: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
    ja4: 't13d1715h2_5b57614c22b0_3d5424432f57',
  },
];
const SERVICE: Browser = {
  userAgent: 'Microsoft-WNS/10.0',
  ja3: '28a2c9bd18a11de089ef85a160da29e4',
  ja4: 't12d190800_d83cc789557e_7af1ed941c26',
};

const FIRST =
  'ana ben cleo dan eva finn gia hugo ida jan kim leo mia nora otto paul quinn rosa sam tina uma vera will xia yara zoe'.split(
    ' ',
  );
const LAST =
  'adler bauer costa diaz engel frank gruber haas ivers jung klein lang meyer novak ortiz peters quast roth stern thal urban vogel weiss young zander'.split(
    ' ',
  );
/** Makers by the first three bytes of their cards. */
const CARDS = {
  desktop: 'f8:bc:12',
  laptop: '3c:58:c2',
  server: '00:50:56',
  printer: '3c:d9:2b',
  camera: 'ac:cc:8e',
  phone: '00:04:f2',
};

const FIXED: readonly [Role, string, string][] = [
  ['domain-controller', 'dc01', '10.20.20.10'],
  ['file-server', 'fs01', '10.20.20.20'],
  ['backup-server', 'bk01', '10.20.20.30'],
  ['update-server', 'wsus01', '10.20.20.40'],
  ['monitoring', 'mon01', '10.20.20.50'],
];

const macOf = (random: Random, card: keyof typeof CARDS): string =>
  `${CARDS[card]}:${[0, 0, 0].map(() => random.integer(0, 255).toString(16).padStart(2, '0')).join(':')}`;

/** Which roles the machines beyond the servers have: mostly clients, some printers, cameras and phones. */
function roleAt(index: number, count: number): Role {
  if (index === 0) return 'admin';
  const share = index / count;
  if (share < 0.48) return 'desktop';
  if (share < 0.8) return 'laptop';
  if (share < 0.87) return 'printer';
  if (share < 0.94) return 'camera';
  return 'phone';
}

/** Builds the estate of a seed. `devices` counts all machines, at least 12. */
export function buildEstate(seed: number, devices: number): Estate {
  const random = new Random(seed);
  const world = new World(random.fork(1), 1500);
  const taken = new Set<string>();
  const servers = FIXED.map(([role, hostname, ip]) =>
    machine(random, world, { role, hostname, ip, user: '' }),
  );
  const count = Math.max(12, devices) - servers.length;
  const others = Array.from({ length: count }, (_, index) => {
    const role = roleAt(index, count);
    const user = isClient(role) ? unusedUser(random, taken) : '';
    const hostname = `${{ printer: 'prn', camera: 'cam', phone: 'tel' }[role as string] ?? 'ws'}-${String(index + 1).padStart(3, '0')}`;
    return machine(random, world, { role, hostname, user, ip: addressAt(role, index) });
  });
  const machines = [...servers, ...others];
  const vendor = (name: string) => inventSite(random, `${name}.${inventName(random)}.example`);
  return {
    machines,
    clients: machines.filter(({ role }) => isClient(role)),
    domainController: servers[0]!,
    fileServer: servers[1]!,
    backupServer: servers[2]!,
    updateServer: servers[3]!,
    monitoring: servers[4]!,
    printers: machines.filter(({ role }) => role === 'printer'),
    world,
    vendors: {
      updates: vendor('update'),
      antivirus: vendor('av'),
      chat: vendor('chat'),
      camera: vendor('cloud'),
      time: vendor('ntp'),
    },
    domain: 'corp.example',
    realm: 'CORP.EXAMPLE',
    gatewayMac: '00:1c:73:00:00:01',
  };
}

export const isClient = (role: Role): boolean => role === 'desktop' || role === 'laptop' || role === 'admin';

/** Clients, then printers, cameras and phones, in networks of their own; 200 to a network. */
function addressAt(role: Role, index: number): string {
  const network = isClient(role) ? 100 : 30;
  return `10.20.${network + Math.floor(index / 200)}.${20 + (index % 200)}`;
}

function unusedUser(random: Random, taken: Set<string>): string {
  let name = `${random.pick(FIRST)}.${random.pick(LAST)}`;
  for (let n = 2; taken.has(name); n++) name = `${name.replace(/\d+$/, '')}${n}`;
  taken.add(name);
  return name;
}

function machine(
  parent: Random,
  world: World,
  given: Pick<Machine, 'role' | 'hostname' | 'ip' | 'user'>,
): Machine {
  const random = parent.fork(parent.u32());
  const card =
    given.role === 'desktop' || given.role === 'admin'
      ? 'desktop'
      : given.role in CARDS
        ? given.role
        : 'server';
  const startsAt = 8 + random.normal() * 0.7;
  return {
    ...given,
    mac: macOf(random, card as keyof typeof CARDS),
    favourites: isClient(given.role) ? Array.from({ length: 45 }, () => world.draw(random)) : [],
    browser: isClient(given.role) ? random.pick(BROWSERS) : SERVICE,
    startsAt,
    endsAt: startsAt + 8.5 + random.normal() * 0.5,
    activity: random.logNormal(1, 0.35),
    random,
  };
}
