/** The time range of all screens: presets, or two absolute times in the zone of choice. */
import { CalendarClock } from 'lucide-react';
import { useRef, useState } from 'react';
import { formatTime } from '../lib/time-format.ts';
import { absolute, describeRange, PRESETS, type Preset } from '../lib/time-range.ts';
import { usePreferences, useSetRange, useTimeWindow } from './hooks.ts';
import s from './time-picker.module.css';

const TEXT = {
  title: 'Time range',
  from: 'From',
  to: 'To',
  apply: 'Apply',
  wrong: 'Write both as 2026-11-21 03:12, the first before the second.',
  ends: 'Ranges end with the newest data.',
};

/** Text of a person as ms: without a zone it is in the zone on screen. */
function readTime(text: string, zone: 'utc' | 'local'): number {
  const plain = text.trim().replace(' ', 'T');
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(plain);
  return Date.parse(hasZone || zone === 'local' ? plain : `${plain}Z`);
}

export function TimePicker() {
  const window = useTimeWindow();
  const setRange = useSetRange();
  const { zone } = usePreferences();
  const box = useRef<HTMLDivElement>(null);
  const [reason, setReason] = useState('');
  const pick = (preset: Preset) => {
    box.current?.hidePopover();
    setRange({ range: preset });
  };
  const submit = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const from = readTime(String(form.get('from')), zone);
    const to = readTime(String(form.get('to')), zone);
    if (!(from < to)) return setReason(TEXT.wrong);
    setReason('');
    box.current?.hidePopover();
    setRange(absolute(from, to));
  };
  return (
    <>
      <button type="button" className={s.button} popoverTarget="time-picker" title={TEXT.title}>
        <CalendarClock size={16} aria-hidden="true" />
        {describeRange(window, zone)}
      </button>
      <div id="time-picker" popover="auto" ref={box} className={s.picker}>
        <h2 className="section">{TEXT.title}</h2>
        <ul className={s.presets}>
          {(Object.keys(PRESETS) as Preset[]).map((preset) => (
            <li key={preset}>
              <button type="button" aria-pressed={window.preset === preset} onClick={() => pick(preset)}>
                {PRESETS[preset].label}
              </button>
            </li>
          ))}
        </ul>
        <p className="faint">{TEXT.ends}</p>
        <form onSubmit={submit} key={`${window.from} ${window.to} ${zone}`}>
          <label>
            {TEXT.from}
            <input name="from" className="mono" defaultValue={formatTime(window.from, zone)} />
          </label>
          <label>
            {TEXT.to}
            <input name="to" className="mono" defaultValue={formatTime(window.to, zone)} />
          </label>
          <p role="alert" className={s.reason}>
            {reason}
          </p>
          <button type="submit">{TEXT.apply}</button>
        </form>
      </div>
    </>
  );
}
