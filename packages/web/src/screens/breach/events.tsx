/** The records behind a breach, and those of the device around it. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { searchQuery } from '../../api/queries.ts';
import { formatCount } from '../../lib/quantity.ts';
import { Panel } from '../../ui/panel.tsx';
import { RecordList } from '../../ui/record-list.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import s from './breach.module.css';
import { deviceQuery, type EvidenceSearch, searchLink } from './evidence.ts';
import { TEXT } from './texts.ts';
import { type Explanation, uidsOf } from './why.ts';

const HOUR = 3_600_000;
const NONE: ReadonlySet<string> = new Set();

interface RecordsProps {
  search: { q: string; from: number; to: number };
  label: string;
  hint?: string | undefined;
  marked?: ReadonlySet<string>;
}

export function Records({ search, label, hint, marked = NONE }: RecordsProps) {
  const query = useInfiniteQuery(searchQuery(search.q, search));
  const hits = useMemo(() => query.data?.pages.flatMap((page) => page.hits) ?? [], [query.data]);
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <Panel
      title={label}
      className={s.fill}
      actions={
        <>
          <span className="quiet">{query.data ? formatCount(total) : ''}</span>
          <Link to="/search" search={searchLink(search)} className={s.link}>
            {TEXT.allRecords}
          </Link>
        </>
      }
    >
      {hint && <p className={s.hint}>{hint}</p>}
      <Loaded query={query} rows={9}>
        {() =>
          hits.length === 0 ? (
            <Empty why={TEXT.noRecords}>
              <p>{TEXT.noRecordsWhy}</p>
            </Empty>
          ) : (
            <RecordList
              hits={hits}
              label={label}
              total={total}
              marked={marked}
              onEnd={() => {
                if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
              }}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

export function Events({ evidence }: { evidence: EvidenceSearch }) {
  return (
    <Records
      search={evidence}
      label={TEXT.eventsLabel}
      hint={evidence.isExact ? undefined : TEXT.windowHint}
    />
  );
}

export function Around({ explanation, ips }: { explanation: Explanation; ips: readonly string[] }) {
  const marked = useMemo(() => new Set(uidsOf(explanation)), [explanation]);
  const search = useMemo(
    () => ({ q: deviceQuery(ips), from: explanation.time - HOUR, to: explanation.time + HOUR }),
    [ips, explanation.time],
  );
  return <Records search={search} label={TEXT.aroundLabel} hint={TEXT.aroundHint} marked={marked} />;
}
