/** People at work: log-in in the morning, browsing by mood, files, print, mail; quiet nights and weekends. */
import { HOUR, hourOfDay, isWeekend, MINUTE, midnight, SECOND } from '@thymus/core';
import { isClient, type Machine } from '../estate.ts';
import { inventSite } from '../world.ts';
import type { Habit, Hour } from './habit.ts';

/** How busy the user is in the hour: 0 away, 1 usual. Lunch is slower, weekends are rare visits. */
export function presence(machine: Machine, ts: number): number {
  const hour = hourOfDay(ts) + 0.5;
  if (isWeekend(ts)) return machine.startsAt > 8.9 && hour > 10 && hour < 13 ? 0.25 : 0;
  if (hour < machine.startsAt || hour > machine.endsAt) return 0;
  return hour > 12 && hour < 13 ? 0.5 : 1;
}

/** True in the hour in which the user arrives. */
const arrives = (machine: Machine, ts: number): boolean =>
  presence(machine, ts) > 0 && presence(machine, ts - HOUR) === 0;

/** A moment of the hour; in the first hour of the day not before the machine has its lease. */
function somewhere(machine: Machine, ts: number): number {
  const settled = arrives(machine, ts) ? 6 * MINUTE : 0;
  return ts + settled + machine.random.next() * (HOUR - settled);
}

const browsing: Habit = {
  name: 'browsing',
  fits: ({ role }) => isClient(role),
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    const here = presence(machine, ts) * machine.activity;
    for (let sessions = random.poisson(4 * here); sessions > 0; sessions--) {
      let at = somewhere(machine, ts);
      for (let pages = random.integer(1, 6); pages > 0; pages--) {
        const isFavourite = random.chance(0.8);
        const site = isFavourite ? random.pick(machine.favourites) : estate.world.draw(random);
        const down = random.logNormal(site.medianDown, 1.1);
        const up = down * site.upShare * random.logNormal(1, 0.4);
        wire.visit(random, machine, at, site, { up, down, duration: random.logNormal(6000, 1) });
        at += random.exponential(25 * SECOND);
      }
    }
    // Now and then a place that nobody here has seen.
    if (random.chance(0.02 * here)) {
      const site = inventSite(random);
      wire.visit(random, machine, somewhere(machine, ts), site, {
        up: 2500,
        down: random.logNormal(60_000, 1),
        duration: 9000,
      });
    }
    // A mistyped name.
    if (random.chance(0.15 * here)) {
      wire.lookUp(
        random,
        machine,
        somewhere(machine, ts),
        `${random.pick(machine.favourites).host.replace('.example', '.exmaple')}`,
        undefined,
      );
    }
  },
};

/** One hour a week or so, someone sends something large to a place they use. */
const sharing: Habit = {
  name: 'sharing',
  fits: ({ role }) => isClient(role),
  act({ ts, machine, wire }) {
    const { random } = machine;
    if (!random.chance(0.006 * presence(machine, ts))) return;
    const up = random.logNormal(40e6, 0.8);
    wire.visit(random, machine, somewhere(machine, ts), machine.favourites[0]!, {
      up,
      down: up / 60,
      duration: up / 2000,
    });
  },
};

const logIn: Habit = {
  name: 'log-in',
  fits: ({ role }) => isClient(role),
  act({ ts, machine, estate, wire }) {
    const { random, user } = machine;
    const isFirst = arrives(machine, ts);
    if (!isFirst && !(presence(machine, ts) > 0 && random.chance(0.15))) return;
    const at = ts + 4 * MINUTE + random.next() * (isFirst ? 1 : 50) * MINUTE;
    const tickets = isFirst ? ['krbtgt', 'ldap', 'cifs'] : [random.pick(['cifs', 'http'])];
    for (const [i, service] of tickets.entries()) {
      const { end: _, ...head } = wire.connect(random, {
        ts: at + i * 40,
        from: machine,
        to: estate.domainController,
        port: 88,
        service: 'krb',
        up: 1400,
        down: 1500,
        duration: 12,
      });
      wire.emit({
        kind: 'kerberos',
        ...head,
        request_type: service === 'krbtgt' ? 'AS' : 'TGS',
        client: `${user}/${estate.realm}`,
        service: `${service}/${service === 'cifs' ? estate.fileServer.hostname : estate.domainController.hostname}.${estate.domain}`,
        success: true,
        till: at + 10 * HOUR,
        cipher: 'aes256-cts-hmac-sha1-96',
        forwardable: true,
        renewable: true,
      });
    }
    if (isFirst) rpcAtLogIn(machine, at, { wire, estate });
  },
};

/** Every log-in to a domain binds these; they mean nothing by themselves. */
function rpcAtLogIn(machine: Machine, at: number, { wire, estate }: Pick<Hour, 'wire' | 'estate'>): void {
  const { random } = machine;
  const { end: _, ...head } = wire.connect(random, {
    ts: at + 200,
    from: machine,
    to: estate.domainController,
    port: 49_667,
    service: 'dce_rpc',
    up: 2200,
    down: 2600,
    duration: 90,
  });
  const calls = [
    ['lsarpc', 'LsarLookupSids3'],
    ['netlogon', 'NetrLogonGetCapabilities'],
    ['samr', 'SamrConnect5'],
  ] as const;
  for (const [endpoint, operation] of calls) {
    wire.emit({ kind: 'dce_rpc', ...head, rtt: 0.8, named_pipe: '49667', endpoint, operation });
  }
}

const files: Habit = {
  name: 'files',
  fits: ({ role }) => isClient(role),
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    const here = presence(machine, ts) * machine.activity;
    for (let sessions = random.poisson(1.2 * here); sessions > 0; sessions--) {
      const at = somewhere(machine, ts);
      const down = random.logNormal(900_000, 1.4);
      const { end: _, ...head } = wire.connect(random, {
        ts: at,
        from: machine,
        to: estate.fileServer,
        port: 445,
        service: 'smb,gssapi,krb',
        up: down * random.logNormal(0.2, 0.8),
        down,
        duration: random.logNormal(20 * SECOND, 1),
      });
      wire.emit({
        kind: 'smb_mapping',
        ...head,
        path: `\\\\${estate.fileServer.hostname}\\team`,
        share_type: 'DISK',
      });
      wire.emit({
        kind: 'smb_files',
        ...head,
        action: 'SMB::FILE_OPEN',
        path: `\\\\${estate.fileServer.hostname}\\team`,
        name: `${machine.user}\\report-${random.integer(1, 40)}.docx`,
        size: Math.round(down),
      });
    }
  },
};

const printing: Habit = {
  name: 'printing',
  fits: ({ role }) => isClient(role),
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    if (estate.printers.length === 0 || !random.chance(0.25 * presence(machine, ts))) return;
    wire.connect(random, {
      ts: somewhere(machine, ts),
      from: machine,
      to: estate.printers[machine.user.length % estate.printers.length]!,
      port: 9100,
      up: random.logNormal(400_000, 1),
      down: 800,
      duration: random.logNormal(5 * SECOND, 0.6),
    });
  },
};

const chat: Habit = {
  name: 'chat',
  fits: ({ role }) => isClient(role),
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    if (presence(machine, ts) === 0) return;
    for (
      let at = ts + random.next() * 10 * MINUTE;
      at < ts + HOUR;
      at += 10 * MINUTE + random.normal() * SECOND
    ) {
      wire.visit(random, machine, at, estate.vendors.chat, { up: 1900, down: 2600, duration: 2000 }, true);
    }
  },
};

/** Who administrates goes to the servers by remote desktop, SSH and remote management, on most days. */
const administration: Habit = {
  name: 'administration',
  fits: ({ role }) => role === 'admin',
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    if (!random.chance(0.45 * presence(machine, ts))) return;
    const servers = [estate.fileServer, estate.updateServer, estate.backupServer, estate.domainController];
    const [port, service] = random.pick([
      [3389, 'rdp'],
      [5985, 'http'],
      [22, 'ssh'],
    ] as const);
    wire.connect(random, {
      ts: somewhere(machine, ts),
      from: machine,
      to: random.pick(servers),
      port,
      service,
      up: random.logNormal(150_000, 0.8),
      down: random.logNormal(1.5e6, 0.8),
      duration: random.logNormal(8 * MINUTE, 0.7),
    });
  },
};

/** Leases: one at the start of the day, renewed twice; a laptop may come back under another address. */
const lease: Habit = {
  name: 'lease',
  fits: ({ role }) => isClient(role),
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    const hour = Math.floor(hourOfDay(ts));
    const isFirst = arrives(machine, ts);
    if (!isFirst && !(presence(machine, ts) > 0 && hour % 4 === 0)) return;
    const at = ts + random.next() * 3 * MINUTE;
    const {
      end: _,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      uid,
    } = wire.connect(random, {
      ts: at,
      from: { ip: isFirst ? '0.0.0.0' : machine.ip, mac: machine.mac },
      to: estate.domainController,
      port: 67,
      proto: 'udp',
      service: 'dhcp',
      up: 310,
      down: 310,
      duration: 6,
    });
    wire.emit({
      kind: 'dhcp',
      ts: at,
      uids: [uid],
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      client_addr: machine.ip,
      server_addr: estate.domainController.ip,
      mac: machine.mac,
      host_name: machine.hostname,
      client_fqdn: `${machine.hostname}.${estate.domain}`,
      domain: estate.domain,
      requested_addr: machine.ip,
      assigned_addr: machine.ip,
      lease_time: 8 * HOUR,
      msg_types: isFirst ? ['DISCOVER', 'OFFER', 'REQUEST', 'ACK'] : ['REQUEST', 'ACK'],
      duration: 6,
      vendor_class: 'MSFT 5.0',
    });
  },
};

/** Software asks for updates at a fixed period, whenever the machine is on. */
const updates: Habit = {
  name: 'updates',
  fits: ({ role }) => isClient(role),
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    if (presence(machine, ts) === 0) return;
    const phase = (machine.ip.length * 7 + machine.hostname.charCodeAt(4)) % 60;
    const at = ts + Math.max(phase, arrives(machine, ts) ? 6 : 0) * MINUTE + random.normal() * 2 * SECOND;
    wire.visit(random, machine, at, estate.vendors.updates, { up: 1200, down: 4200, duration: 900 });
    const name = `${Math.floor(random.next() * 1e9).toString(36)}.${estate.vendors.antivirus.host}`;
    if (random.chance(0.3)) wire.lookUp(random, machine, at + 5 * SECOND, name, '127.0.0.2');
    if (midnight(ts) + 10 * HOUR === ts && random.chance(0.3)) {
      wire.visit(random, machine, at + MINUTE, estate.vendors.updates, {
        up: 40_000,
        down: random.logNormal(25e6, 0.7),
        duration: 40_000,
      });
    }
  },
};

export const OFFICE: readonly Habit[] = [
  lease,
  logIn,
  browsing,
  sharing,
  files,
  printing,
  chat,
  administration,
  updates,
];
