/** Draws the context menu where it was asked for; arrows move, Escape closes. */
import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import s from './menu.module.css';
import { menu } from './menu.ts';
import { SafeText } from './safe-text.tsx';

export function MenuView() {
  const open = useSyncExternalStore(menu.subscribe, () => menu.now);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!open || !element) return;
    const asked = document.activeElement;
    element.style.left = `${Math.min(open.x, window.innerWidth - element.offsetWidth - 8)}px`;
    element.style.top = `${Math.min(open.y, window.innerHeight - element.offsetHeight - 8)}px`;
    element.querySelector('button')?.focus();
    const close = (event: Event) => {
      if (!element.contains(event.target as Node)) menu.show(undefined);
    };
    document.addEventListener('pointerdown', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      if (asked instanceof HTMLElement) asked.focus();
    };
  }, [open]);
  if (!open) return null;
  const move = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape' || event.key === 'Tab') menu.show(undefined);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...(box.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (step) buttons[(at + step + buttons.length) % buttons.length]?.focus();
    if (step || event.key === 'Escape') event.preventDefault();
    event.stopPropagation();
    event.nativeEvent.stopImmediatePropagation();
  };
  return (
    <div ref={box} className={s.menu} role="menu" tabIndex={-1} aria-label={open.title} onKeyDown={move}>
      <div className={s.title}>
        <SafeText value={open.title} most={60} />
      </div>
      {open.items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          onClick={() => {
            menu.show(undefined);
            item.run();
          }}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}
