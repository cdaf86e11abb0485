/** The health of the appliance as a few plain checks, each with what to do when it fails. */

export type Health = 'OK' | 'Warning' | 'Error';

export interface Check {
  name: string;
  health: Health;
  /** What was found. */
  text: string;
  /** What to do about it. */
  advice?: string;
}

interface Figures {
  diskUtilization: number;
  memoryUsed: number;
  load: number;
  dataQueue: number;
  sources: readonly { name: string; state: string; mostRecentTraffic: string; message?: string }[];
}

interface Source {
  name: string;
  state: 'ok' | 'warning' | 'error';
}

const HEALTH: Record<string, Health> = { ok: 'OK', warning: 'Warning', error: 'Error' };
const ORDER: readonly Health[] = ['Error', 'Warning', 'OK'];

function limit(name: string, value: number, warning: number, error: number, advice: string): Check {
  const health = value >= error ? 'Error' : value >= warning ? 'Warning' : 'OK';
  const text = `${Math.round(value)} %`;
  return health === 'OK' ? { name, health, text } : { name, health, text, advice };
}

/** Rows that may wait before learning is said to be behind: a few seconds of a busy site. */
const QUEUE_LIMIT = 100_000;

function sourceChecks(figures: Figures, sources: readonly Source[], hasData: boolean): Check[] {
  const list =
    figures.sources.length > 0 ? figures.sources : sources.map((s) => ({ ...s, mostRecentTraffic: '' }));
  if (list.length === 0)
    return [
      {
        name: 'Sources',
        health: 'Warning',
        text: hasData ? 'No traffic since this start.' : 'No traffic has come in yet.',
        advice: 'Import a capture with thymus ingest, or start with a live interface.',
      },
    ];
  return list.map((source) => {
    const message = 'message' in source ? source.message : undefined;
    const seen = source.mostRecentTraffic && `newest record ${source.mostRecentTraffic}`;
    return {
      name: source.name,
      health: HEALTH[source.state] ?? 'Warning',
      text: [message, seen].filter(Boolean).join('; ') || source.state,
    };
  });
}

/** All checks, the worst first. */
export function checksOf(figures: Figures, sources: readonly Source[], daysLearned: number): Check[] {
  const isBehind = figures.dataQueue > QUEUE_LIMIT;
  const queue: Check = {
    name: 'Learning queue',
    health: isBehind ? 'Warning' : 'OK',
    text: `${figures.dataQueue.toLocaleString('en')} rows wait`,
    ...(isBehind ? { advice: 'Breaches appear later than usual until it has caught up.' } : {}),
  };
  const learning: Check = {
    name: 'Learning',
    health: 'OK',
    text: `${Number(daysLearned.toFixed(1))} days of traffic learned`,
    ...(daysLearned < 7 ? { advice: 'Scores are marked down until about seven days are known.' } : {}),
  };
  const checks = [
    ...sourceChecks(figures, sources, daysLearned > 0),
    queue,
    learning,
    limit('Disk', figures.diskUtilization, 75, 90, 'The oldest records are removed from 80 % on.'),
    limit(
      'Memory',
      figures.memoryUsed,
      85,
      95,
      'Give the machine more memory, or watch less traffic with it.',
    ),
  ];
  return checks.sort((a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health));
}
