/** The programs that dissection is measured beside, installed where they are missing: Debian packages. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export interface Peer {
  /** With the version. */
  name: string;
  /** The command that reads a capture and writes what it makes of it into a folder. */
  command(capture: string, folder: string): string[];
}

interface Program {
  name: string;
  package: string;
  /** Arguments that make it say its version, and how that looks. */
  version: [argument: string, pattern: RegExp];
  command: Peer['command'];
}

const SURICATA: Program = {
  name: 'suricata',
  package: 'suricata',
  version: ['-V', /version ([\d.]+)/],
  // Stock output and no rules; checksums are not looked at, and ours are not either.
  command: (capture, folder) =>
    ['suricata', '-r', capture, '-l', folder, '-S', '/dev/null', '-k', 'none'].concat('--runmode', 'single'),
};

const NDPI: Program = {
  name: 'ndpiReader',
  package: 'libndpi-bin',
  version: ['-h', /nDPI ([\d.]+)/],
  command: (capture) => ['ndpiReader', '-i', capture, '-q'],
};

/** The fields that scripts usually ask for. */
const FIELDS = [
  'frame.time_epoch',
  'frame.len',
  'ip.src',
  'ip.dst',
  'ip.proto',
  'tcp.srcport',
  'tcp.dstport',
  'udp.srcport',
  'udp.dstport',
  '_ws.col.Protocol',
  '_ws.col.Info',
];

const TSHARK: Program = {
  name: 'tshark',
  package: 'tshark',
  version: ['--version', /TShark .*?([\d.]+)/],
  command: (capture) => ['tshark', '-n', '-r', capture, '-T', 'fields', ...FIELDS.flatMap((f) => ['-e', f])],
};

/** Each is undefined where it cannot be had; why is then said on the standard error output. */
export function findPeers(): Record<'suricata' | 'ndpi' | 'tshark', Peer | undefined> {
  return { suricata: find(SURICATA), ndpi: find(NDPI), tshark: find(TSHARK) };
}

/** GNU time, which measures a process with its children. */
export function needTime(): void {
  if (!existsSync('/usr/bin/time') && !install('time'))
    throw new Error('The bench measures with GNU time: install the Debian package time.');
}

function find(program: Program): Peer | undefined {
  const version = versionOf(program) ?? (install(program.package) ? versionOf(program) : undefined);
  if (version) return { name: `${program.name} ${version}`, command: program.command };
  process.stderr.write(
    `${program.name} is missing: install the Debian package ${program.package} (12 has Suricata 7 in bookworm-backports).\n`,
  );
  return undefined;
}

function versionOf({ name, version: [argument, pattern] }: Program): string | undefined {
  const { stdout, stderr } = spawnSync(name, [argument], { encoding: 'utf8' });
  return pattern.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1];
}

/** Installs a Debian package, from backports where the release does not have it; false where that is not possible. */
function install(name: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  process.stderr.write(`Installing the Debian package ${name}.\n`);
  if (!hasCandidate(name)) apt('update');
  return hasCandidate(name) ? apt('install', '-y', '--no-install-recommends', name) : fromBackports(name);
}

const BACKPORTS = '/etc/apt/sources.list.d/thymus-bench-backports.sources';

/** The machine's own sources say where Debian is to be had; its sources are afterwards what they were. */
function fromBackports(name: string): boolean {
  const suite = `${/VERSION_CODENAME=(\w+)/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]}-backports`;
  const address = debianArchive();
  if (!address) return false;
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(
    BACKPORTS,
    `Types: deb\nURIs: ${address}\nSuites: ${suite}\nComponents: main\nSigned-By: ${keys}\n`,
  );
  try {
    return apt('update') && apt('install', '-y', '--no-install-recommends', '-t', suite, name);
  } finally {
    rmSync(BACKPORTS);
  }
}

function debianArchive(): string | undefined {
  const format = '$(LABEL) $(REPO_URI)';
  const lines = output('apt-get', 'indextargets', '--format', format, 'Created-By: Packages').split('\n');
  return lines.find((line) => line.startsWith('Debian '))?.slice('Debian '.length);
}

const hasCandidate = (name: string): boolean =>
  /Candidate: (?!\(none\))/.test(output('apt-cache', 'policy', name));

function apt(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-q', ...args], { env, stdio: ['ignore', 2, 2] }).status === 0;
}

const output = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
