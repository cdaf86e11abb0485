/** The lines of the tray: x picks, e acknowledges, and the selection stays in its place when a line leaves. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { acknowledge } from '../../api/actions.ts';
import { useKeys } from '../../shell/hooks.ts';
import { CheckBox } from '../../ui/check-box.tsx';
import { Cell, Head, VirtualGrid } from '../../ui/virtual-grid.tsx';
import { rememberList } from './last-list.ts';
import { breachesOf, type Picks, pickState, rowsBetween } from './picks.ts';
import { TEXT } from './texts.ts';
import s from './tray.module.css';
import { nextSelection, type Pivot, type Row, rowKey, type TrayBreach } from './tray.ts';
import { BreachLine, GroupLine } from './tray-lines.tsx';

interface Props {
  rows: readonly Row[];
  pivot: Pivot;
  onToggle: (group: string) => void;
  picks: Picks;
  /** Picks these breaches, or none of them where all are picked. */
  onPick: (pbids: readonly number[]) => void;
  onUnpick: () => void;
}

/** Which line is selected, also after lines have come and gone. */
function useSelection(rows: readonly Row[]) {
  const [selected, select] = useState(() => (rows[0] ? rowKey(rows[0]) : ''));
  const before = useRef(rows);
  const kept = nextSelection(rows, selected, before.current);
  useEffect(() => {
    before.current = rows;
    if (kept !== selected) select(kept);
  }, [rows, kept, selected]);
  return [kept, select] as const;
}

const membersOf = (row: Row): TrayBreach[] => (row.kind === 'breach' ? [row.breach] : row.group.members);

/** Acknowledges those breaches that are still open; where none is, opens them again. */
export function toggleAcknowledged(list: readonly TrayBreach[]): void {
  const open = list.filter((b) => !b.isAcknowledged);
  const isClosing = open.length > 0;
  void acknowledge(
    (isClosing ? open : list).map((b) => b.pbid),
    isClosing,
  );
}

/** Names of the columns; the first holds the box that picks everything. */
function Heads({
  pivot,
  state,
  onPick,
}: {
  pivot: Pivot;
  state: 'true' | 'false' | 'mixed';
  onPick: () => void;
}) {
  return (
    <>
      <Head className={s.check}>
        <CheckBox state={state} label={TEXT.pickAll} onToggle={onPick} />
      </Head>
      <Head className={s.lead} />
      <Head className={s.score}>{TEXT.heads.score}</Head>
      <Head className={s.model}>{pivot === 'device' ? TEXT.heads.device : TEXT.heads.model}</Head>
      <Head className={s.device}>{pivot === 'device' ? TEXT.heads.models : TEXT.heads.device}</Head>
      <Head className={s.kind}>{TEXT.heads.category}</Head>
      <Head className={s.notes}>{TEXT.heads.tags}</Head>
      <Head className={s.over}>{pivot === 'none' ? '' : TEXT.heads.over}</Head>
      <Head className={s.time}>{TEXT.heads.time}</Head>
      <Head className={s.end} />
    </>
  );
}

/** Picking by pointer and key; with Shift, from the line picked before to this one. */
function usePicking({ rows, picks, onPick, onUnpick }: Props, row: Row | undefined) {
  const last = useRef('');
  const all = useMemo(() => [...new Set(rows.flatMap(breachesOf))], [rows]);
  const pick = (line: Row, isRange: boolean) => {
    const first = isRange ? rows.findIndex((r) => rowKey(r) === last.current) : -1;
    last.current = rowKey(line);
    onPick(rowsBetween(rows, first, rows.indexOf(line)).flatMap(breachesOf));
  };
  useKeys([
    { keys: 'x', label: 'Pick the line for acknowledging many', run: () => row && pick(row, false) },
    { keys: 'X', label: 'Pick every line, or none', run: () => onPick(all) },
    { keys: 'Escape', label: 'Pick nothing', run: onUnpick },
  ]);
  return { pick, pickAll: () => onPick(all), state: pickState(picks, all) };
}

export function TrayList(props: Props) {
  const { rows, pivot, onToggle, picks, onUnpick } = props;
  const navigate = useNavigate();
  const [selected, select] = useSelection(rows);
  const row = rows.find((r) => rowKey(r) === selected);
  useEffect(() => {
    rememberList(rows.flatMap((r) => (r.kind === 'breach' ? [r.breach.pbid] : [])));
  }, [rows]);
  const open = (line: Row) => {
    if (line.kind === 'group') onToggle(line.group.key);
    else void navigate({ to: '/modelbreach/$pbid', params: { pbid: String(line.breach.pbid) } });
  };
  const setOpen = (isOpen: boolean) => {
    if (row?.kind === 'group' && row.isOpen !== isOpen) onToggle(row.group.key);
  };
  useKeys([
    { keys: 'ArrowRight', label: 'Open or close a group', run: () => setOpen(true) },
    { keys: 'ArrowLeft', label: 'Open or close a group', run: () => setOpen(false) },
    { keys: 'e', label: 'Acknowledge, or open again', run: () => act() },
  ]);
  const { pick, pickAll, state } = usePicking(props, row);
  const act = () => {
    const members = new Map(rows.flatMap(membersOf).map((b) => [b.pbid, b]));
    const picked = [...members.values()].filter((b) => picks.has(b.pbid));
    if (picked.length > 0) {
      toggleAcknowledged(picked);
      onUnpick();
    } else if (row) toggleAcknowledged(membersOf(row));
  };
  return (
    <VirtualGrid
      rows={rows}
      keyOf={rowKey}
      label={TEXT.tray}
      columns={s.columns}
      head={<Heads pivot={pivot} state={state} onPick={pickAll} />}
      isTallWhenNarrow
      selected={selected}
      onSelect={select}
      onOpen={open}
      onClick={(line) => line.kind === 'group' && open(line)}
      isOpen={(line) => (line.kind === 'group' ? line.isOpen : undefined)}
    >
      {(line) => (
        <>
          <Cell className={s.check}>
            <CheckBox
              state={pickState(picks, breachesOf(line))}
              label={TEXT.pick}
              isInList
              onToggle={(event) => {
                select(rowKey(line));
                pick(line, event.shiftKey);
              }}
            />
          </Cell>
          {line.kind === 'group' ? (
            <GroupLine group={line.group} isOpen={line.isOpen} />
          ) : (
            <BreachLine breach={line.breach} isInGroup={line.isInGroup} />
          )}
        </>
      )}
    </VirtualGrid>
  );
}
