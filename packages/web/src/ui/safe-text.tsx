/** Text that may come from an attacker: text nodes only, invisible characters named. */
import { Fragment } from 'react';
import { cutMiddle, partsOf, shown } from '../lib/hostile-text.ts';
import s from './safe-text.module.css';

interface Props {
  value: unknown;
  /** Characters to show before the middle is cut out; the whole text is in the tooltip then. */
  most?: number;
}

export function SafeText({ value, most = Number.POSITIVE_INFINITY }: Props) {
  const whole = typeof value === 'string' ? value : String(value ?? '');
  const text = cutMiddle(whole, most);
  const parts = partsOf(text);
  if (parts.length === 1 && !parts[0]?.isMarked && text === whole) return text;
  return (
    <span title={text === whole ? undefined : shown(whole)} dir="ltr">
      {parts.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
        <Fragment key={i}>
          {part.isMarked ? <span className={s.marked}>{part.text}</span> : part.text}
        </Fragment>
      ))}
    </span>
  );
}
