/** Advanced Search: query, histogram, fields, records. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ApiError } from '../../api/client.ts';
import { histogramQuery, searchQuery } from '../../api/queries.ts';
import { stack } from '../../lib/bars.ts';
import { fieldsOf, type SearchHit } from '../../lib/record-line.ts';
import { clauseFor, withClause } from '../../lib/search-text.ts';
import { stepFor, type TimeWindow } from '../../lib/time-range.ts';
import { useChangeSearch, useSetRange, useTimeWindow, useTitle } from '../../shell/hooks.ts';
import { Bars, Legend } from '../../ui/bars.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RecordList } from '../../ui/record-list.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { FieldList } from './field-list.tsx';
import { QueryBox } from './query-box.tsx';
import s from './search.module.css';
import { TEXT } from './texts.ts';

/** Fields that records have, the most common first. */
function fieldsPresent(hits: readonly SearchHit[]): string[] {
  const counts = new Map<string, number>();
  for (const hit of hits.slice(0, 400))
    for (const [name] of fieldsOf(hit)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
}

function Histogram({ q, window, onKind }: { q: string; window: TimeWindow; onKind: (kind: string) => void }) {
  const interval = stepFor(window, 120);
  const query = useQuery(histogramQuery(q, window, interval));
  const stacked = useMemo(() => stack(query.data?.buckets ?? []), [query.data]);
  return (
    <Panel title={TEXT.histogram} actions={<Legend stacked={stacked} onPick={onKind} />}>
      <div className={s.histogram}>
        <Loaded query={query} rows={2}>
          {() => (
            <Bars stacked={stacked} window={window} interval={interval} height={72} label={TEXT.histogram} />
          )}
        </Loaded>
      </div>
    </Panel>
  );
}

function Nothing({ q, onRun }: { q: string; onRun: (q: string) => void }) {
  const setRange = useSetRange();
  const last = q.split(/ AND /).at(-1) ?? '';
  return (
    <Empty why={q ? TEXT.none : TEXT.noneEmpty}>
      <div className={s.ways}>
        <button type="button" onClick={() => setRange({ range: '30d' })}>
          {TEXT.wider}
        </button>
        {q && last !== q && (
          <button type="button" onClick={() => onRun(q.slice(0, q.lastIndexOf(' AND ')))}>
            {TEXT.shorter(last)}
          </button>
        )}
        {q && (
          <button type="button" onClick={() => onRun('')}>
            {TEXT.clear}
          </button>
        )}
      </div>
    </Empty>
  );
}

function Results({ q, window, onRun }: { q: string; window: TimeWindow; onRun: (q: string) => void }) {
  const query = useInfiniteQuery(searchQuery(q, window));
  const hits = useMemo(() => query.data?.pages.flatMap((page) => page.hits) ?? [], [query.data]);
  const present = useMemo(() => fieldsPresent(hits), [hits]);
  const first = query.data?.pages[0];
  const filter = (clause: string, include: boolean) => onRun(withClause(q, clause, include));
  return (
    <div className={s.results}>
      <FieldList q={q} window={window} present={present} onFilter={filter} />
      <Panel
        title={TEXT.results}
        className={s.records}
        actions={
          first && (
            <span className="quiet">
              {TEXT.count(first.total, first.totalIsExact)}{' '}
              <span className="faint">· {TEXT.took(first.took)}</span>
            </span>
          )
        }
      >
        <Loaded query={query} rows={9}>
          {() =>
            hits.length === 0 ? (
              <Nothing q={q} onRun={onRun} />
            ) : (
              <RecordList
                hits={hits}
                label={TEXT.results}
                total={first?.total ?? hits.length}
                onFilter={filter}
                onEnd={() => {
                  if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
                }}
              />
            )
          }
        </Loaded>
      </Panel>
    </div>
  );
}

export function SearchScreen() {
  const { q = '' } = useSearch({ strict: false }) as { q?: string };
  const window = useTimeWindow();
  // the same answer as the list's: it tells whether the query can be read at all
  const check = useInfiniteQuery(searchQuery(q, window));
  const fault = check.error instanceof ApiError && check.error.status === 400 ? check.error : undefined;
  useTitle(q ? `Search ${q}` : 'Search');
  const change = useChangeSearch();
  const run = (text: string) => change({ q: text || undefined }, true);
  return (
    <div className={s.page}>
      <h1 className="visually-hidden">{TEXT.title}</h1>
      <QueryBox q={q} window={window} fault={fault} onRun={run} />
      {!fault && (
        <>
          <Histogram q={q} window={window} onKind={(kind) => run(withClause(q, clauseFor('kind', kind)))} />
          <Results q={q} window={window} onRun={run} />
        </>
      )}
    </div>
  );
}
