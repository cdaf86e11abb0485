/** All commands, in the order of the help text. To add one: its file and one line here. */
import type { Command } from 'commander';
import { breach } from './breach.ts';
import { config } from './config.ts';
import { demo } from './demo.ts';
import { device } from './device.ts';
import { dissect } from './dissect.ts';
import { ingest } from './ingest.ts';
import { pcap } from './pcap.ts';
import { search } from './search.ts';
import { serve, start } from './serve.ts';
import { status } from './status.ts';
import { token } from './token.ts';
import { user } from './user.ts';

export const COMMANDS: readonly (() => Command)[] = [
  start,
  serve,
  ingest,
  dissect,
  breach,
  device,
  search,
  pcap,
  status,
  token,
  user,
  demo,
  config,
];
