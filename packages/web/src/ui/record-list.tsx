/** Records as lines: time, kind, both ends, what they tell; a line opens into all its fields with filters. */
import { useQuery } from '@tanstack/react-query';
import { Minus, Plus } from 'lucide-react';
import { useState } from 'react';
import { fieldsQuery } from '../api/queries.ts';
import { endpointOf, fieldsOf, type SearchHit, tellRecord } from '../lib/record-line.ts';
import { clauseFor } from '../lib/search-text.ts';
import { formatDuration, formatMoment, formatTime, type Zone } from '../lib/time-format.ts';
import { useNews, usePreferences } from '../shell/hooks.ts';
import { Entity } from './entity.tsx';
import s from './record-list.module.css';
import { SafeText } from './safe-text.tsx';
import { Cell, Head, VirtualGrid } from './virtual-grid.tsx';

const TEXT = {
  columns: ['Time', 'Type', 'From', 'To', 'Record'],
  include: (name: string) => `Only records with this ${name}`,
  exclude: (name: string) => `Leave out this ${name}`,
};

interface Props {
  hits: readonly SearchHit[];
  label: string;
  total?: number;
  onEnd?: () => void;
  /** Adds a clause to the query of the screen. */
  onFilter?: ((clause: string, include: boolean) => void) | undefined;
  /** Lines of these connections are marked. */
  marked?: ReadonlySet<string>;
}

interface Line {
  hit: SearchHit;
  key: string;
}

/** The same connection may appear in many lines, so its place is part of the key. */
const toLines = (hits: readonly SearchHit[]): Line[] =>
  hits.map((hit, i) => ({ hit, key: `${i} ${String(hit['uid'])}` }));

/** A value as text: times in the zone of choice, durations with their unit. */
function plain(value: unknown, type: string, zone: Zone): string {
  if (typeof value === 'object') return JSON.stringify(value);
  if (typeof value !== 'number') return String(value);
  if (type === 'time') return formatTime(value, zone, 'ms');
  return type === 'interval' ? formatDuration(value) : String(value);
}

function Fields({ hit, onFilter }: { hit: SearchHit; onFilter: Props['onFilter'] }) {
  const { zone } = usePreferences();
  const fields = useQuery(fieldsQuery);
  const types = new Map([
    ['ts', 'time'],
    ['stored', 'time'],
    ...(fields.data ?? []).map((f): [string, string] => [f.name, f.type]),
  ]);
  return (
    <dl className={s.fields}>
      {fieldsOf(hit).map(([name, value]) => {
        const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
        const type = types.get(name) ?? '';
        const canFilter = onFilter && typeof single !== 'object' && type !== 'time';
        return (
          <div key={name}>
            <dt>{name}</dt>
            {canFilter && (
              <dd className={s.filters}>
                <button
                  type="button"
                  title={TEXT.include(name)}
                  aria-label={TEXT.include(name)}
                  onClick={() => onFilter(clauseFor(name, single, type), true)}
                >
                  <Plus size={12} aria-hidden="true" />
                </button>
                <button
                  type="button"
                  title={TEXT.exclude(name)}
                  aria-label={TEXT.exclude(name)}
                  onClick={() => onFilter(clauseFor(name, single, type), false)}
                >
                  <Minus size={12} aria-hidden="true" />
                </button>
              </dd>
            )}
            <dd className="mono">
              <SafeText value={plain(value, type, zone)} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function End({
  hit,
  side,
  onFilter,
}: {
  hit: SearchHit;
  side: 'source' | 'dest';
  onFilter: Props['onFilter'];
}) {
  const ip = hit[`${side}_ip`];
  const did = hit[`${side}_did`];
  const field = `${side}_ip`;
  if (!ip) return null;
  return (
    <Entity
      value={ip}
      field={field}
      did={typeof did === 'number' && did > 0 ? did : undefined}
      isMono
      {...(onFilter ? { onFilter: (include: boolean) => onFilter(clauseFor(field, ip), include) } : {})}
    >
      <SafeText value={endpointOf(ip, hit[`${side}_port`])} most={42} />
    </Entity>
  );
}

export function RecordList({ hits, label, total, onEnd, onFilter, marked }: Props) {
  const { zone } = usePreferences();
  const { clock } = useNews();
  const lines = toLines(hits);
  const [selected, select] = useState('');
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = ({ key }: Line) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  return (
    <VirtualGrid
      rows={lines}
      keyOf={(line) => line.key}
      label={label}
      columns={s.columns}
      head={TEXT.columns.map((name) => <Head key={name}>{name}</Head>)}
      selected={selected}
      onSelect={select}
      onOpen={toggle}
      onClick={toggle}
      isOpen={(line) => open.has(line.key)}
      isElastic
      total={total}
      {...(onEnd ? { onEnd } : {})}
    >
      {(line) => (
        <>
          <div
            className={`${s.columns} ${s.line}`}
            role="presentation"
            data-marked={marked?.has(String(line.hit['uid']))}
          >
            <Cell className="mono" title={formatTime(line.hit.ts, zone, 'ms')}>
              {formatMoment(line.hit.ts, zone, clock)}
            </Cell>
            <Cell className={s.kind}>{line.hit.kind}</Cell>
            <Cell className="cut">
              <End hit={line.hit} side="source" onFilter={onFilter} />
            </Cell>
            <Cell className="cut">
              <End hit={line.hit} side="dest" onFilter={onFilter} />
            </Cell>
            <Cell className="cut mono">
              <SafeText value={tellRecord(line.hit)} most={400} />
            </Cell>
          </div>
          {open.has(line.key) && (
            // biome-ignore lint/a11y/noStaticElementInteractions: only keeps clicks on fields from closing the line
            <div className={s.opened} onClick={(event) => event.stopPropagation()} role="presentation">
              <Cell>
                <Fields hit={line.hit} onFilter={onFilter} />
              </Cell>
            </div>
          )}
        </>
      )}
    </VirtualGrid>
  );
}
