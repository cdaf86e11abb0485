/** All devices: filtered by words, ordered by a column. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { devicesQuery } from '../../api/queries.ts';
import { percentOf } from '../../lib/score.ts';
import { formatShort } from '../../lib/time-format.ts';
import {
  useChangeSearch,
  useFormatTime,
  useKeys,
  useNews,
  usePreferences,
  useTitle,
} from '../../shell/hooks.ts';
import { Entity } from '../../ui/entity.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { ScoreMark } from '../../ui/score-mark.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { Cell, Head, VirtualGrid } from '../../ui/virtual-grid.tsx';
import { deviceNameOf } from '../home/tray.ts';
import s from './device.module.css';
import type { Device } from './device-facts.tsx';
import { inOrder, type Order, orderOf } from './device-order.ts';
import { TEXT } from './texts.ts';

const MOST = 10_000;

const COLUMNS: readonly { name: string; order?: Order }[] = [
  { name: TEXT.columns.score, order: 'score' },
  { name: TEXT.columns.name, order: 'name' },
  { name: TEXT.columns.ip, order: 'ip' },
  { name: TEXT.columns.type, order: 'type' },
  { name: TEXT.columns.vendor },
  { name: TEXT.columns.mac },
  { name: TEXT.columns.state },
  { name: TEXT.columns.seen, order: 'seen' },
];

function Line({ device }: { device: Device }) {
  const { clock } = useNews();
  const { zone } = usePreferences();
  const format = useFormatTime();
  return (
    <>
      <Cell className={`${s.right} ${s.score}`}>
        <ScoreMark percent={percentOf(device.score)} />
      </Cell>
      <Cell className={`${s.name} cut`}>
        <Entity value={deviceNameOf(device)} did={device.did} />
      </Cell>
      <Cell className={`${s.ip} cut`}>
        {device.ip && <Entity value={device.ip} field="source_ip" isMono />}
      </Cell>
      <Cell className={`${s.type} cut quiet`}>{device.typelabel}</Cell>
      <Cell className="cut quiet">
        <SafeText value={device.vendor ?? ''} most={40} />
      </Cell>
      <Cell className="cut quiet mono">{device.mac}</Cell>
      <Cell className="quiet">{device.stage === 'mature' ? '' : device.stage}</Cell>
      <Cell className={`${s.right} ${s.seen} mono quiet`} title={format(device.lastSeen)}>
        {formatShort(device.lastSeen, zone, clock)}
      </Cell>
    </>
  );
}

interface ListProps {
  devices: readonly Device[];
  order: Order;
  onOrder: (order: Order) => void;
}

function DeviceList({ devices, order, onOrder }: ListProps) {
  const navigate = useNavigate();
  const [selected, select] = useState('');
  return (
    <VirtualGrid
      rows={devices}
      keyOf={(device) => String(device.did)}
      label={TEXT.devices}
      columns={s.columns}
      isTallWhenNarrow
      head={COLUMNS.map(({ name, order: by }) => (
        <Head key={name}>
          {by ? (
            <button type="button" className={s.sort} aria-pressed={by === order} onClick={() => onOrder(by)}>
              {name}
            </button>
          ) : (
            name
          )}
        </Head>
      ))}
      selected={selected || String(devices[0]?.did ?? '')}
      onSelect={select}
      onOpen={({ did }) => void navigate({ to: '/device/$did', params: { did: String(did) } })}
    >
      {(device) => <Line device={device} />}
    </VirtualGrid>
  );
}

export function DevicesScreen() {
  useTitle(TEXT.devices);
  const { q = '', sort } = useSearch({ strict: false }) as { q?: string; sort?: string };
  const order = orderOf(sort);
  const query = useQuery(devicesQuery(q, MOST));
  const devices = useMemo(() => inOrder(query.data?.devices ?? [], order), [query.data, order]);
  const input = useRef<HTMLInputElement>(null);
  useKeys([{ keys: 'f', label: 'Filter the list', run: () => input.current?.focus() }]);
  const change = useChangeSearch();
  return (
    <section className={s.list} aria-label={TEXT.devices}>
      <header className={s.listHead}>
        <h1>{TEXT.devices}</h1>
        <input
          ref={input}
          type="search"
          className={s.find}
          value={q}
          placeholder={TEXT.filter}
          aria-label={TEXT.filter}
          onChange={(event) => change({ q: event.target.value || undefined })}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <span className="quiet">{query.data && TEXT.shownOf(devices.length, query.data.total)}</span>
      </header>
      <Loaded query={query} rows={9}>
        {() =>
          devices.length > 0 ? (
            <DeviceList
              devices={devices}
              order={order}
              onOrder={(by) => change({ sort: by === 'score' ? undefined : by })}
            />
          ) : q ? (
            <Empty why={TEXT.noMatch(q)}>
              <button type="button" className={s.button} onClick={() => change({ q: undefined })}>
                {TEXT.clear}
              </button>
            </Empty>
          ) : (
            <Empty why={TEXT.none}>
              <p>{TEXT.noneWhy}</p>
            </Empty>
          )
        }
      </Loaded>
    </section>
  );
}
