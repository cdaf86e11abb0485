/** The keys that work on this screen. */
import { useEffect, useRef } from 'react';
import s from './help.module.css';
import { keys } from './services.ts';

const TEXT = {
  title: 'Keys on this screen',
  close: 'Close',
  note: 'Right click, or the menu key, on any name, address or value offers more.',
};

const NAMES: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };

/** Keys by what they do, so that two keys for one thing stand on one line. */
function byLabel(): [string, string[]][] {
  const lines = new Map<string, string[]>();
  for (const { keys: key, label } of keys.reachable) lines.set(label, [...(lines.get(label) ?? []), key]);
  return [...lines];
}

export function Help({ onClose }: { onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} className={s.help} onClose={onClose} aria-labelledby="help-title">
      <header>
        <h2 id="help-title">{TEXT.title}</h2>
        <button type="button" onClick={() => box.current?.close()}>
          {TEXT.close}
        </button>
      </header>
      <dl>
        {byLabel().map(([label, list]) => (
          <div key={label}>
            <dt>
              {list.map((key) => (
                <span key={key} className={s.sequence}>
                  {key.split(' ').map((part) => (
                    <kbd key={part}>{NAMES[part] ?? part}</kbd>
                  ))}
                </span>
              ))}
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{TEXT.note}</p>
    </dialog>
  );
}
