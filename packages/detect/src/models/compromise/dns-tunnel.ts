/** Information carried in names of DNS (ATT&CK T1071.004, T1572, T1048.003). */
import { component, filter, model } from '../definition.ts';

export const dnsTunnel = model({
  name: 'Compromise::DNS Tunnel',
  description:
    'The names that the device asks for below one domain carry far more information than names do: data leaves the network in them. Public crawls of 15,000 names stay below 1,513 bits in ten minutes, tunnels carry 20,000 and more.',
  priority: 4,
  category: 'Critical',
  mitre: {
    tactics: ['command-and-control', 'exfiltration'],
    techniques: ['T1071.004', 'T1572', 'T1048.003'],
  },
  tags: ['AP: C2 Comms', 'AP: Egress'],
  components: [
    component('dnsinformation', 6_000, 600, [filter('Rare domain', '>', 50)], { each: 'endpoint' }),
  ],
  direct: true,
  action:
    'Block the domain at the resolver and look for the program that asks; some antivirus products look up hashes this way.',
});
