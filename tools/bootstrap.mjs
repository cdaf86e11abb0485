/**
 * Sets up a fresh machine before a command runs: dependencies when the lock file changed, the web build when its
 * sources changed (--web), Debian packages that tests need (--system). Runs on any Node from 20 on, without dependencies.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(dirname(new URL(import.meta.url).pathname), '..');
const has = (flag) => process.argv.includes(flag);
const say = (text) => process.stderr.write(`${text}\n`);

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name === 'dist' || entry.name === 'node_modules' ? [] : filesUnder(path);
    return [path];
  });
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths.sort())
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path));
  return hash.digest('hex');
}

/** Runs `work` unless `stamp` already says that it was done for these files. */
function unlessDone(stamp, paths, work) {
  const hash = hashOf(paths);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

/** npm without what the calling npm put into the environment, which would redirect it. */
function run(command, args, what) {
  say(what);
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([k]) => !/^npm_(lifecycle|package|command)/i.test(k)),
  );
  const result = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) {
    say(`Set-up stopped: \`${command} ${args.join(' ')}\` failed.`);
    process.exit(1);
  }
}

unlessDone(join(root, 'node_modules/.thymus-lock'), [join(root, 'package-lock.json')], () =>
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'Installing dependencies (about a minute, once)…',
  ),
);

const node = join(root, 'node_modules/.bin/node');

if (has('--web')) {
  const web = ['packages/web', 'packages/contract', 'packages/core']
    .map((p) => join(root, p))
    .filter(existsSync);
  unlessDone(join(root, 'packages/web/dist/.stamp'), web.flatMap(filesUnder), () =>
    run(
      node,
      [
        join(root, 'node_modules/vite/bin/vite.js'),
        'build',
        join(root, 'packages/web'),
        '--logLevel',
        'warn',
      ],
      'Building the web pages…',
    ),
  );
}

/** Programs that the tests drive, and the Debian package each comes from. */
const SYSTEM = { tcpdump: 'tcpdump', chromium: 'chromium', ip: 'iproute2' };

if (has('--system')) {
  const isThere = (program) =>
    ['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((folder) => existsSync(join(folder, program)));
  const missing = Object.entries(SYSTEM).filter(([program]) => !isThere(program));
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const packages = missing.map(([, name]) => name);
    try {
      execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore' });
    } catch {
      say('apt-get update failed; going on with the lists there are.');
    }
    run(
      'apt-get',
      ['install', '-y', '-q', '--no-install-recommends', ...packages],
      `Installing ${packages.join(', ')}…`,
    );
  } else if (missing.length > 0) {
    say(`Tests will need: ${missing.map(([, name]) => name).join(', ')}.`);
  }
}
