/** Command and control: one client calls a host that nobody else knows, every few minutes. ATT&CK T1071.001. */
import { HOUR, MINUTE } from '@thymus/core';
import { presence } from '../habits/office.ts';
import { inventName, inventSite } from '../world.ts';
import { type Attack, attackerOf, takeClient, workingDay } from './attack.ts';

export const beacon: Attack = {
  name: 'beacon',
  plan(scene) {
    const { random, end } = scene;
    const attacker = takeClient(scene);
    const host = `${inventName(random)}-cdn.example`;
    const site = {
      ...inventSite(random, host),
      addresses: [`203.0.113.${random.integer(1, 254)}`],
      isPlain: false,
    };
    const period = random.integer(3, 8) * MINUTE;
    const from = workingDay(end, 10, 1) + 10 * HOUR + random.integer(0, 59) * MINUTE;
    let next = from;
    return {
      truth: {
        attack: 'beacon',
        description: `calls ${host} every ${period / MINUTE} minutes while switched on`,
        attacker: attackerOf(attacker),
        from,
        to: end,
        techniques: ['T1071.001', 'T1573'],
        endpoint: host,
      },
      act(ts, wire) {
        for (; next < ts + HOUR; next += period * (1 + 0.08 * random.normal())) {
          if (next < ts || presence(attacker, next) === 0) continue;
          const transfer = {
            up: random.logNormal(700, 0.2),
            down: random.logNormal(350, 0.2),
            duration: 300,
          };
          wire.visit(random, attacker, next, site, transfer, random.chance(0.8));
        }
      },
    };
  },
};
