/** Retention: records leave the lake by the day they were stored, and earlier when the disk fills. */
import { statfsSync } from 'node:fs';
import type { RecordKind } from '@thymus/core';
import type { Lake } from '@thymus/lake';
import type { ApplianceConfig } from './config.ts';

const DAY = 86_400_000;

/** Used share of the disk that holds `folder`, in percent. */
export function diskUsedPercent(folder: string): number {
  const { blocks, bavail } = statfsSync(folder);
  return 100 * (1 - bavail / blocks);
}

/**
 * Drops what is past its days; beyond the disk limit also the oldest day of the largest record type, one per call.
 * Returns what was dropped.
 */
export async function keepWithinBounds(
  lake: Pick<Lake, 'usage' | 'dropStoredBefore'>,
  config: ApplianceConfig,
  usedPercent: number,
  now: number,
): Promise<{ kind: RecordKind; before: number }[]> {
  const today = Math.floor(now / DAY);
  const dropped: { kind: RecordKind; before: number }[] = [];
  const drop = async (kind: RecordKind, before: number) => {
    await lake.dropStoredBefore(kind, before);
    dropped.push({ kind, before });
  };
  const usage = await lake.usage();
  for (const kind of new Set(usage.map((part) => part.kind))) {
    const days = kind === 'metric' ? config.metric_retention_days : config.retention_days;
    if (usage.some((part) => part.kind === kind && part.storedDay < today - days))
      await drop(kind, today - days);
  }
  if (usedPercent <= config.disk_limit_percent) return dropped;
  const sizes = new Map<RecordKind, number>();
  for (const { kind, bytes } of usage) sizes.set(kind, (sizes.get(kind) ?? 0) + bytes);
  const largest = [...sizes].sort((a, b) => b[1] - a[1])[0]?.[0];
  const oldest = Math.min(...usage.filter(({ kind }) => kind === largest).map(({ storedDay }) => storedDay));
  // Today's day is never dropped: what is arriving now is worth more than the limit.
  if (largest && oldest < today) await drop(largest, oldest + 1);
  return dropped;
}
