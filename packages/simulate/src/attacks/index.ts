/** The attack library. To add one: its file and one line here. */
import type { Attack } from './attack.ts';
import { beacon } from './beacon.ts';
import { exfiltration } from './exfiltration.ts';
import { scan } from './scan.ts';

export const ATTACKS: readonly Attack[] = [scan, beacon, exfiltration];
