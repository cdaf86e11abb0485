/** Draws messages at the lower edge; screen readers hear them. */
import { useSyncExternalStore } from 'react';
import { toasts } from './services.ts';
import s from './toast-list.module.css';

const TEXT = { undo: 'Undo', key: 'u', close: 'Dismiss' };

export function ToastList() {
  const list = useSyncExternalStore(toasts.subscribe, () => toasts.list);
  return (
    <div className={s.list} role="status" aria-live="polite">
      {list.map(({ id, text, isError, undo }) => (
        <div key={id} className={isError ? `${s.toast} ${s.error}` : s.toast}>
          <span>{text}</span>
          {undo && (
            <button
              type="button"
              className={s.undo}
              onClick={() => {
                toasts.dismiss(id);
                undo();
              }}
            >
              {TEXT.undo} <kbd>{TEXT.key}</kbd>
            </button>
          )}
          <button
            type="button"
            aria-label={TEXT.close}
            className={s.close}
            onClick={() => toasts.dismiss(id)}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
