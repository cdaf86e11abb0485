/** Discovery: one client tries a service on every address of the office, from lunch on. ATT&CK T1046. */
import { HOUR, MINUTE, SECOND } from '@thymus/core';
import { type Attack, attackerOf, takeClient, workingDay } from './attack.ts';

export const scan: Attack = {
  name: 'scan',
  plan(scene) {
    const { random, estate, end } = scene;
    const attacker = takeClient(scene);
    const from = workingDay(end, 13) + 13 * HOUR + random.integer(0, 50) * MINUTE;
    const port = random.pick([445, 3389, 22]);
    const networks = [...new Set(estate.machines.map(({ ip }) => ip.split('.').slice(0, 3).join('.')))];
    const targets = networks.flatMap((network) =>
      Array.from({ length: 254 }, (_, i) => `${network}.${i + 1}`),
    );
    const step = 0.15 * SECOND;
    const to = from + targets.length * step;
    return {
      truth: {
        attack: 'scan',
        description: `tries port ${port} on ${targets.length} internal addresses`,
        attacker: attackerOf(attacker),
        from,
        to,
        techniques: ['T1046'],
      },
      act(ts, wire) {
        const known = new Map(estate.machines.map((machine) => [machine.ip, machine]));
        for (const [i, ip] of targets.entries()) {
          const at = from + i * step;
          if (at < ts || at >= ts + HOUR || ip === attacker.ip) continue;
          const machine = known.get(ip);
          const outcome = machine ? (machine.role === 'file-server' ? 'reset' : 'refused') : 'unanswered';
          const target = machine ?? { ip, mac: estate.gatewayMac };
          wire.connect(random, {
            ts: at,
            from: attacker,
            to: target,
            port,
            up: 0,
            down: 0,
            duration: 2,
            outcome,
          });
        }
      },
    };
  },
};
