/** Exfiltration: one client collects from the file server, then sends it to a rare place at night. ATT&CK T1039, T1041. */
import { HOUR, MINUTE } from '@thymus/core';
import { inventName, inventSite } from '../world.ts';
import { type Attack, attackerOf, takeClient, workingDay } from './attack.ts';

export const exfiltration: Attack = {
  name: 'exfiltration',
  plan(scene) {
    const { random, estate, end } = scene;
    const attacker = takeClient(scene);
    const host = `files.${inventName(random)}.example`;
    const site = {
      ...inventSite(random, host),
      addresses: [`198.51.100.${random.integer(1, 254)}`],
      isPlain: false,
    };
    const size = random.logNormal(2.5e9, 0.2);
    const from = workingDay(end, 21) + 21 * HOUR + random.integer(0, 40) * MINUTE;
    const uploads = Array.from({ length: 6 }, (_, i) => from + 40 * MINUTE + i * 11 * MINUTE);
    const within = (at: number, ts: number) => at >= ts && at < ts + HOUR;
    return {
      truth: {
        attack: 'exfiltration',
        description: `takes ${(size / 1e9).toFixed(1)} GB from ${estate.fileServer.hostname} and sends it to ${host}`,
        attacker: attackerOf(attacker),
        from,
        to: uploads.at(-1)! + 10 * MINUTE,
        techniques: ['T1039', 'T1041'],
        endpoint: host,
      },
      act(ts, wire) {
        if (within(from, ts)) {
          const to = estate.fileServer;
          const transfer = { up: size / 300, down: size, duration: 25 * MINUTE };
          wire.connect(random, {
            ts: from,
            from: attacker,
            to,
            port: 445,
            service: 'smb,gssapi,krb',
            ...transfer,
          });
        }
        for (const at of uploads.filter((upload) => within(upload, ts))) {
          wire.visit(random, attacker, at, site, { up: size / 6, down: size / 900, duration: 9 * MINUTE });
        }
      },
    };
  },
};
