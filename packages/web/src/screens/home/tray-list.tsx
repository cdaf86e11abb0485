/** The lines of the tray: e acknowledges, and the selection stays in its place when a line leaves. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { acknowledge } from '../../api/actions.ts';
import { useKeys } from '../../shell/hooks.ts';
import { VirtualGrid } from '../../ui/virtual-grid.tsx';
import { rememberList } from './last-list.ts';
import { TEXT } from './texts.ts';
import s from './tray.module.css';
import { nextSelection, type Row, rowKey } from './tray.ts';
import { BreachLine, GroupLine } from './tray-lines.tsx';

interface Props {
  rows: readonly Row[];
  onToggle: (group: string) => void;
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

/** Acknowledges a line: a breach, or all breaches of a group that are still open. */
function toggleAcknowledged(row: Row): void {
  const list = row.kind === 'breach' ? [row.breach] : row.group.members;
  const open = list.filter((b) => !b.isAcknowledged);
  const isClosing = open.length > 0;
  void acknowledge(
    (isClosing ? open : list).map((b) => b.pbid),
    isClosing,
  );
}

export function TrayList({ rows, onToggle }: Props) {
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
    { keys: 'e', label: 'Acknowledge, or open again', run: () => row && toggleAcknowledged(row) },
  ]);
  return (
    <VirtualGrid
      rows={rows}
      keyOf={rowKey}
      label={TEXT.tray}
      columns={s.columns}
      selected={selected}
      onSelect={select}
      onOpen={open}
      onClick={(line) => line.kind === 'group' && open(line)}
      isOpen={(line) => (line.kind === 'group' ? line.isOpen : undefined)}
    >
      {(line) =>
        line.kind === 'group' ? (
          <GroupLine group={line.group} isOpen={line.isOpen} />
        ) : (
          <BreachLine breach={line.breach} isInGroup={line.isInGroup} />
        )
      }
    </VirtualGrid>
  );
}
