/** The fields of the records found; a field opens into its most frequent values, each to filter by. */
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight, Minus, Plus } from 'lucide-react';
import { useState } from 'react';
import { fieldsQuery, termsQuery } from '../../api/queries.ts';
import { formatCount } from '../../lib/quantity.ts';
import { clauseFor } from '../../lib/search-text.ts';
import type { TimeWindow } from '../../lib/time-range.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Loaded } from '../../ui/states.tsx';
import s from './search.module.css';
import { TEXT } from './texts.ts';

interface Props {
  q: string;
  window: TimeWindow;
  /** Fields that the records at hand have, the most common first. */
  present: readonly string[];
  onFilter: (clause: string, include: boolean) => void;
}

interface ValuesProps extends Omit<Props, 'present'> {
  field: string;
  type: string;
}

function Values({ q, window, field, type, onFilter }: ValuesProps) {
  const query = useQuery(termsQuery(q, window, field));
  return (
    <Loaded query={query} rows={3}>
      {(terms) => {
        const most = Math.max(1, ...terms.map((t) => t.count));
        if (terms.length === 0) return <p className={s.noValues}>{TEXT.noValues}</p>;
        return (
          <ul className={s.values} aria-label={TEXT.topValues}>
            {terms.map(({ key, count }) => {
              const clause = clauseFor(field, /^\d+$/.test(key) ? Number(key) : key, type);
              return (
                <li key={key}>
                  <span className={s.bar} style={{ width: `${(count / most) * 100}%` }} />
                  <span className="cut mono">
                    <SafeText value={key || '(empty)'} most={40} />
                  </span>
                  <span className="quiet">{formatCount(count)}</span>
                  <button
                    type="button"
                    title={TEXT.include}
                    aria-label={`${TEXT.include}: ${key}`}
                    onClick={() => onFilter(clause, true)}
                  >
                    <Plus size={12} aria-hidden="true" />
                  </button>
                  <button
                    type="button"
                    title={TEXT.exclude}
                    aria-label={`${TEXT.exclude}: ${key}`}
                    onClick={() => onFilter(clause, false)}
                  >
                    <Minus size={12} aria-hidden="true" />
                  </button>
                </li>
              );
            })}
          </ul>
        );
      }}
    </Loaded>
  );
}

export function FieldList({ q, window, present, onFilter }: Props) {
  const fields = useQuery(fieldsQuery);
  const [open, setOpen] = useState('');
  const [words, setWords] = useState('');
  const known = new Map(fields.data?.map((f) => [f.name, f]));
  const names = ['kind', ...present.filter((name) => known.has(name))].filter((name) => name.includes(words));
  return (
    <aside className={s.fields} aria-label={TEXT.fields}>
      <header>
        <h2 className="section">{TEXT.fields}</h2>
        <input
          type="search"
          value={words}
          placeholder={TEXT.filterFields}
          aria-label={TEXT.filterFields}
          onChange={(event) => setWords(event.target.value.toLowerCase())}
        />
      </header>
      <ul>
        {names.slice(0, 80).map((name) => {
          const isOpen = open === name;
          const Caret = isOpen ? ChevronDown : ChevronRight;
          return (
            <li key={name}>
              <button
                type="button"
                className={s.field}
                aria-expanded={isOpen}
                title={known.get(name)?.doc}
                onClick={() => setOpen(isOpen ? '' : name)}
              >
                <Caret size={13} aria-hidden="true" />
                <span className="mono cut">{name === 'kind' ? '@type' : name}</span>
              </button>
              {isOpen && (
                <Values
                  q={q}
                  window={window}
                  type={known.get(name)?.type ?? ''}
                  field={name === 'kind' ? '@type' : name}
                  onFilter={onFilter}
                />
              )}
            </li>
          );
        })}
      </ul>
    </aside>
  );
}
