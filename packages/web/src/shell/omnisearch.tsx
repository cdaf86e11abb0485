/** One box for devices, addresses, breaches and commands. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { breachesQuery, devicesQuery } from '../api/queries.ts';
import { deviceNameOf, type TrayBreach } from '../screens/home/tray.ts';
import { SafeText } from '../ui/safe-text.tsx';
import { type Destination, destinations } from './destinations.ts';
import { useTimeWindow } from './hooks.ts';
import s from './omnisearch.module.css';
import { queries } from './services.ts';

const TEXT = {
  label: 'Search devices, addresses, breaches, commands',
  placeholder: 'Search device, IP, breach #id, records…',
  kinds: { command: 'go', breach: 'breach', device: 'device', search: 'search' },
};

/** Breaches that a screen has asked for already; the box does not ask for them itself. */
function breachesAtHand(window: { from: number; to: number }): TrayBreach[] {
  return queries.getQueryData(breachesQuery(window).queryKey) ?? [];
}

function useDestinations(text: string): Destination[] {
  const asked = useDeferredValue(text.trim());
  const window = useTimeWindow();
  const { data } = useQuery({
    ...devicesQuery(asked, 8),
    enabled: asked.length > 1,
    placeholderData: keepPreviousData,
  });
  const devices = asked.length > 1 ? (data?.devices ?? []) : [];
  const found = devices.map((d) => ({ did: d.did, name: deviceNameOf(d), detail: d.ip ?? d.mac ?? '' }));
  return destinations(text, found, breachesAtHand(window));
}

export function Omnisearch({ input }: { input: React.RefObject<HTMLInputElement | null> }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  // the key of the chosen line, so that results that come later do not move the choice
  const [chosen, setChosen] = useState('');
  const list = useDestinations(text);
  const at = Math.max(
    0,
    list.findIndex((d) => d.key === chosen),
  );
  const go = (destination: Destination | undefined) => {
    if (!destination) return;
    setText('');
    setOpen(false);
    input.current?.blur();
    void navigate({ to: destination.to, search: destination.search ?? {} } as never);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setChosen(list[(at + step + list.length) % list.length]?.key ?? '');
    else if (event.key === 'Enter') go(list[at]);
    else if (event.key === 'Escape') {
      setOpen(false);
      input.current?.blur();
    } else return;
    event.preventDefault();
  };
  return (
    <div className={s.search}>
      <Search size={16} aria-hidden="true" />
      <input
        ref={input}
        value={text}
        role="combobox"
        aria-label={TEXT.label}
        aria-expanded={isOpen}
        aria-controls="destinations"
        aria-activedescendant={isOpen && list[at] ? `destination-${at}` : undefined}
        placeholder={TEXT.placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setChosen('');
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <kbd>/</kbd>
      <div id="destinations" role="listbox" aria-label={TEXT.label} className={s.list} hidden={!isOpen}>
        {isOpen &&
          list.map((destination, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard works through the input
            <div
              key={destination.key}
              id={`destination-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === at}
              className={s.option}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => go(destination)}
            >
              <span className={s.kind}>{TEXT.kinds[destination.kind]}</span>
              <span className="cut">{destination.title}</span>
              <span className={s.detail}>
                <SafeText value={destination.detail} most={40} />
              </span>
            </div>
          ))}
      </div>
    </div>
  );
}
