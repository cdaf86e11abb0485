/** A small box that picks a line: empty, ticked or half. */
import { Check, Minus } from 'lucide-react';
import s from './check-box.module.css';

interface Props {
  state: 'true' | 'false' | 'mixed';
  label: string;
  onToggle: (event: React.MouseEvent) => void;
  /** Left out of the tab order where keys of the list do the same. */
  isInList?: boolean;
}

export function CheckBox({ state, label, onToggle, isInList = false }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native box cannot be half ticked without a script for each
    <button
      type="button"
      role="checkbox"
      aria-checked={state}
      aria-label={label}
      title={label}
      className={s.box}
      tabIndex={isInList ? -1 : 0}
      onClick={(event) => {
        event.stopPropagation();
        onToggle(event);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <span>
        {state === 'true' && <Check size={12} strokeWidth={3} aria-hidden="true" />}
        {state === 'mixed' && <Minus size={12} strokeWidth={3} aria-hidden="true" />}
      </span>
    </button>
  );
}
