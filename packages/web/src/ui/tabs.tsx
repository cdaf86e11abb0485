/** Tabs that live in the URL; the digit before a name is its key. */
import { useChangeSearch, useKeys } from '../shell/hooks.ts';
import s from './tabs.module.css';

export interface Tab {
  id: string;
  label: string;
  /** Digit that opens it. */
  digit: string;
}

interface Props {
  tabs: readonly Tab[];
  active: string;
  label: string;
  children: React.ReactNode;
}

export function Tabs({ tabs, active, label, children }: Props) {
  const change = useChangeSearch();
  const open = (tab: string) => change({ tab });
  useKeys(tabs.map(({ id, label: name, digit }) => ({ keys: digit, label: name, run: () => open(id) })));
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = tabs.findIndex((t) => t.id === active);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (next) {
      open(next.id);
      document.getElementById(`tab-${next.id}`)?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={s.tabs}>
      <div role="tablist" aria-label={label} className={s.list} onKeyDown={move}>
        {tabs.map(({ id, label: name, digit }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === active}
            aria-controls="tab-panel"
            tabIndex={id === active ? 0 : -1}
            onClick={() => open(id)}
          >
            <kbd>{digit}</kbd>
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${active}`} className={s.panel}>
        {children}
      </div>
    </div>
  );
}
