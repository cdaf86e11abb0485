/** Machines by themselves: backup at night, patches, monitoring, clocks, cameras, phones and printers. */
import { civilDate, HOUR, hourOfDay, isWeekend, MINUTE, SECOND, weekday } from '@thymus/core';
import { isClient } from '../estate.ts';
import type { Habit } from './habit.ts';
import { presence } from './office.ts';

const backup: Habit = {
  name: 'backup',
  fits: ({ role }) => role === 'file-server' || role === 'domain-controller' || role === 'update-server',
  act({ ts, machine, estate, wire }) {
    if (hourOfDay(ts) !== 1) return;
    const { random } = machine;
    const size =
      random.logNormal(machine.role === 'file-server' ? 9e9 : 1.5e9, 0.15) * (isWeekend(ts) ? 3 : 1);
    for (let part = 0; part < 4; part++) {
      const at = ts + 4 * MINUTE + part * 9 * MINUTE + random.normal() * 20 * SECOND;
      const to = estate.backupServer;
      wire.connect(random, {
        ts: at,
        from: machine,
        to,
        port: 10_051,
        up: size / 4,
        down: 2e6,
        duration: 8 * MINUTE,
      });
    }
  },
};

/** The second Tuesday of a month, when patches are rolled out. */
export function isPatchDay(ts: number): boolean {
  const { day } = civilDate(ts);
  return weekday(ts) === 1 && day >= 8 && day <= 14;
}

/** On patch day clients fetch packages from the server inside. */
const patches: Habit = {
  name: 'patches',
  fits: ({ role }) => isClient(role),
  act({ ts, machine, estate, wire }) {
    if (!isPatchDay(ts) || presence(machine, ts) === 0 || presence(machine, ts - HOUR) > 0) return;
    const { random } = machine;
    wire.connect(random, {
      ts: ts + 20 * MINUTE + random.next() * 30 * MINUTE,
      from: machine,
      to: estate.updateServer,
      port: 8530,
      service: 'http',
      up: 90_000,
      down: random.logNormal(350e6, 0.3),
      duration: 3 * MINUTE,
    });
  },
};

/** The monitoring server asks every machine with a fixed address, every ten minutes. */
const monitoring: Habit = {
  name: 'monitoring',
  fits: ({ role }) => role === 'monitoring',
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    const watched = estate.machines.filter((m) => m !== machine && !isClient(m.role));
    for (let round = 0; round < 6; round++) {
      for (const [i, to] of watched.entries()) {
        const at = ts + round * 10 * MINUTE + i * 400 + random.next() * 100;
        wire.connect(random, {
          ts: at,
          from: machine,
          to,
          port: 161,
          proto: 'udp',
          service: 'snmp',
          up: 45,
          down: 90,
          duration: 3,
        });
      }
    }
  },
};

const clock: Habit = {
  name: 'clock',
  fits: ({ role }) => !isClient(role),
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    const isMaster = machine.role === 'domain-controller';
    const to = isMaster ? wire.outside(estate.vendors.time.addresses[0]!) : estate.domainController;
    const at = ts + random.next() * HOUR;
    wire.connect(random, {
      ts: at,
      from: machine,
      to,
      port: 123,
      proto: 'udp',
      service: 'ntp',
      up: 48,
      down: 48,
      duration: 20,
    });
  },
};

/** Cameras call their maker every five minutes and show pictures to nobody else. */
const camera: Habit = {
  name: 'camera',
  fits: ({ role }) => role === 'camera',
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    for (let at = ts + random.next() * 20 * SECOND; at < ts + HOUR; at += 5 * MINUTE) {
      wire.visit(random, machine, at, estate.vendors.camera, { up: 800, down: 500, duration: 400 }, true);
    }
  },
};

const phone: Habit = {
  name: 'phone',
  fits: ({ role }) => role === 'phone',
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    for (let at = ts + random.next() * MINUTE; at < ts + HOUR; at += 15 * MINUTE) {
      const to = estate.monitoring;
      wire.connect(random, {
        ts: at,
        from: machine,
        to,
        port: 5060,
        proto: 'udp',
        service: 'sip',
        up: 600,
        down: 500,
        duration: 30,
      });
    }
  },
};

/** The name server passes on what it does not know. */
const resolver: Habit = {
  name: 'resolver',
  fits: ({ role }) => role === 'domain-controller',
  act({ ts, machine, estate, wire }) {
    const { random } = machine;
    const busy = estate.clients.reduce((sum, client) => sum + presence(client, ts), 0);
    for (let n = random.poisson(8 + 4 * busy); n > 0; n--) {
      const at = ts + random.next() * HOUR;
      const to = wire.outside('9.9.9.9');
      wire.connect(random, {
        ts: at,
        from: machine,
        to,
        port: 53,
        proto: 'udp',
        service: 'dns',
        up: 48,
        down: 120,
        duration: 25,
      });
    }
  },
};

export const MACHINES: readonly Habit[] = [backup, patches, monitoring, clock, camera, phone, resolver];
