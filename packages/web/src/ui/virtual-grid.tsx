/** The list behind every screen: virtual lines, one selected, moved through by keys; the grid itself holds the focus. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useKeys, useNarrow, usePreferences } from '../shell/hooks.ts';
import s from './virtual-grid.module.css';

const HEIGHTS = { comfortable: 32, compact: 24 };
/** Two rows of text, on narrow screens. */
const TALL = 60;

interface Props<T> {
  rows: readonly T[];
  keyOf: (row: T) => string;
  label: string;
  /** Column heads, in the same grid template as the lines. */
  head?: React.ReactNode;
  /** Class that gives lines and head their columns. */
  columns: string | undefined;
  selected: string;
  onSelect: (key: string) => void;
  onOpen: (row: T) => void;
  onClick?: (row: T) => void;
  isOpen?: (row: T) => boolean | undefined;
  children: (row: T) => React.ReactNode;
  /** Lines have two rows of text on narrow screens. */
  isTallWhenNarrow?: boolean;
  /** Lines may grow below their first part. */
  isElastic?: boolean;
  /** Called when the end comes into sight. */
  onEnd?: () => void;
  /** Number of all rows where not all are loaded. */
  total?: number | undefined;
}

/** A cell of a line. */
export function Cell({ className, children, ...rest }: React.HTMLAttributes<HTMLSpanElement>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: virtual lines cannot be table rows
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus and names the active line
    <span role="gridcell" className={className} {...rest}>
      {children}
    </span>
  );
}

/** The head of a column. */
export function Head({
  className,
  children,
}: {
  className?: string | undefined;
  children?: React.ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: virtual lines cannot be table rows
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus
    <span role="columnheader" className={className}>
      {children}
    </span>
  );
}

interface LineProps {
  index: number;
  start: number;
  isSelected: boolean;
  isOpen: boolean | undefined;
  /** Given where lines may grow. */
  measure: ((element: Element | null) => void) | undefined;
  columns: string | undefined;
  onClick: () => void;
  onDoubleClick: () => void;
  children: React.ReactNode;
}

function Line({
  index,
  start,
  isSelected,
  isOpen,
  measure,
  columns,
  onClick,
  onDoubleClick,
  children,
}: LineProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys act on the selected line of the grid
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus and names the active line
    // biome-ignore lint/a11y/useSemanticElements: virtual lines cannot be table rows
    <div
      id={`line-${index}`}
      ref={measure}
      data-index={index}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      aria-expanded={isOpen}
      className={measure ? s.elastic : `${s.line} ${columns}`}
      style={{ transform: `translateY(${start}px)` }}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
    >
      {children}
    </div>
  );
}

/** Moves the selection by keys; the answer is its place, or -1. */
function useGridKeys<T>(
  { rows, keyOf, selected, onSelect, onOpen }: Props<T>,
  page: number,
  show: (index: number) => void,
): number {
  const at = rows.findIndex((row) => keyOf(row) === selected);
  const move = (to: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, to));
    if (!rows[next]) return;
    onSelect(keyOf(rows[next]));
    show(next);
  };
  useKeys([
    { keys: 'j', label: 'Next line', run: () => move(at + 1) },
    { keys: 'ArrowDown', label: 'Next line', run: () => move(at + 1) },
    { keys: 'k', label: 'Line before', run: () => move(at - 1) },
    { keys: 'ArrowUp', label: 'Line before', run: () => move(at - 1) },
    { keys: 'PageDown', label: 'A page on or back', run: () => move(at + page) },
    { keys: 'PageUp', label: 'A page on or back', run: () => move(at - page) },
    { keys: 'Home', label: 'First or last line', run: () => move(0) },
    { keys: 'End', label: 'First or last line', run: () => move(rows.length - 1) },
    { keys: 'o', label: 'Open the selected line (also Enter)', run: () => rows[at] && onOpen(rows[at]) },
  ]);
  return at;
}

/** The lines in sight; tells when the last of them is. */
function useLines<T>({ rows, keyOf, onEnd }: Props<T>, box: HTMLDivElement | null, height: number) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box,
    estimateSize: () => height,
    getItemKey: (i) => (rows[i] ? keyOf(rows[i]) : i),
    overscan: 6,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes change with the density alone
  useEffect(() => virtual.measure(), [height]);
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0;
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 1) end.current?.();
  }, [last, rows.length]);
  return virtual;
}

export function VirtualGrid<T>(props: Props<T>) {
  const { rows, keyOf, columns, onSelect, onOpen, onClick, isOpen, isElastic } = props;
  const { density } = usePreferences();
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const isTall = useNarrow() && props.isTallWhenNarrow === true;
  const height = isTall ? TALL : HEIGHTS[density];
  const virtual = useLines(props, box, height);
  const items = virtual.getVirtualItems();
  const page = Math.max(1, Math.floor((box?.clientHeight ?? 0) / height) - 1);
  const at = useGridKeys(props, page, (index) => virtual.scrollToIndex(index));
  const open = () => rows[at] && onOpen(rows[at]);
  return (
    <div
      ref={setBox}
      className={isTall ? `${s.grid} ${s.tall}` : s.grid}
      role="treegrid"
      aria-label={props.label}
      aria-rowcount={props.total ?? rows.length}
      aria-activedescendant={items.some((item) => item.index === at) ? `line-${at}` : undefined}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
        open();
        event.preventDefault();
      }}
    >
      {props.head && (
        // biome-ignore lint/a11y/useSemanticElements: virtual lines cannot be table rows
        // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus
        <div role="row" className={`${s.head} ${columns}`}>
          {props.head}
        </div>
      )}
      <div className={s.canvas} style={{ height: virtual.getTotalSize() }} role="presentation">
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <Line
              key={item.key}
              index={item.index}
              start={item.start}
              isSelected={item.index === at}
              isOpen={isOpen?.(row)}
              measure={isElastic ? virtual.measureElement : undefined}
              columns={columns}
              onClick={() => {
                onSelect(keyOf(row));
                onClick?.(row);
              }}
              onDoubleClick={() => isOpen?.(row) === undefined && onOpen(row)}
            >
              {props.children(row)}
            </Line>
          );
        })}
      </div>
    </div>
  );
}
