/** The query box: completion of fields, kinds and values, and the place of a fault. */
import type { ApiError } from '../../api/client.ts';
import type { TimeWindow } from '../../lib/time-range.ts';
import { useKeys } from '../../shell/hooks.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import type { Suggestion } from './completion.ts';
import s from './search.module.css';
import { TEXT } from './texts.ts';
import { useQueryText } from './use-query-text.ts';

interface Props {
  q: string;
  window: TimeWindow;
  fault: ApiError | undefined;
  onRun: (q: string) => void;
}

function Fault({ text, fault }: { text: string; fault: ApiError }) {
  const { position } = fault;
  return (
    <div className={s.fault} role="alert">
      <p>{fault.message}</p>
      {position !== undefined && (
        <p className={s.faultLine}>
          <SafeText value={text.slice(0, position)} />
          <mark>
            <SafeText value={text.slice(position, position + 1) || ' '} />
          </mark>
          <SafeText value={text.slice(position + 1)} />
        </p>
      )}
    </div>
  );
}

interface SuggestionsProps {
  list: readonly Suggestion[];
  place: number;
  onTake: (suggestion: Suggestion) => void;
}

function Suggestions({ list, place, onTake }: SuggestionsProps) {
  return (
    <div
      id="query-suggestions"
      role="listbox"
      aria-label={TEXT.box}
      className={s.suggestions}
      hidden={list.length === 0}
    >
      {list.map((suggestion, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard works through the box
        <div
          key={suggestion.text}
          id={`suggestion-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === place}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(suggestion)}
        >
          <span className="mono">
            <SafeText value={suggestion.text} most={60} />
          </span>
          <span className="cut quiet">{suggestion.detail}</span>
        </div>
      ))}
    </div>
  );
}

export function QueryBox({ q, window, fault, onRun }: Props) {
  const box = useQueryText(q, window);
  const { input, text, list, place } = box;
  const focus = () => input.current?.focus();
  useKeys([
    { keys: 'q', label: 'To the query box', run: focus },
    { keys: '/', label: 'To the query box', run: focus },
  ]);
  const run = () => {
    box.setOpen(false);
    onRun(text.replace(/\s*\n\s*/g, ' ').trim());
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = list[place];
    if (step && chosen) box.choose(step);
    else if (event.key === 'Tab' && chosen && !event.shiftKey) box.take(chosen);
    else if (event.key === 'Enter' && !event.shiftKey) run();
    else if (event.key === ' ' && event.ctrlKey) box.setOpen(true);
    else if (event.key === 'Escape' && chosen) box.setOpen(false);
    else if (event.key === 'Escape') input.current?.blur();
    else return;
    event.preventDefault();
  };
  return (
    <div className={s.box}>
      <div className={s.boxLine}>
        <textarea
          ref={input}
          rows={1}
          value={text}
          className="mono"
          aria-label={TEXT.box}
          aria-haspopup="listbox"
          aria-controls="query-suggestions"
          aria-autocomplete="list"
          aria-activedescendant={place >= 0 ? `suggestion-${place}` : undefined}
          aria-invalid={fault !== undefined}
          placeholder={TEXT.placeholder}
          title={TEXT.hint}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => box.type(event.target.value, event.target.selectionStart)}
          onSelect={(event) => box.setCaret(event.currentTarget.selectionStart)}
          onBlur={() => box.setOpen(false)}
          onKeyDown={onKeyDown}
        />
        <button type="button" className={s.run} onClick={run}>
          {TEXT.run}
        </button>
      </div>
      <Suggestions list={list} place={place} onTake={box.take} />
      {fault && <Fault text={q} fault={fault} />}
    </div>
  );
}
