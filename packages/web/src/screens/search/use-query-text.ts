/** The text of the query box with its caret and what it may be completed to. */
import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import { fieldsQuery, termsQuery } from '../../api/queries.ts';
import { quoted } from '../../lib/search-text.ts';
import type { TimeWindow } from '../../lib/time-range.ts';
import { accept, type Completion, complete, type Suggestion } from './completion.ts';

/** Suggestions at the caret; values of a field are the most frequent ones of the time range. */
function useSuggestions(text: string, caret: number, window: TimeWindow): Completion {
  const fields = useQuery(fieldsQuery);
  const completion = complete(text, caret, fields.data ?? []);
  const values = useQuery({
    ...termsQuery('', window, completion.valuesOf ?? '', 12),
    enabled: completion.valuesOf !== undefined,
  });
  if (completion.valuesOf === undefined || !values.data) return completion;
  const typed = text.slice(completion.from, caret).replace(/^"/, '').toLowerCase();
  const suggestions: Suggestion[] = values.data
    .filter(({ key }) => key.toLowerCase().startsWith(typed))
    .map(({ key, count }) => ({ text: `${/^\d+$/.test(key) ? key : quoted(key)} `, detail: String(count) }));
  return { ...completion, suggestions };
}

export function useQueryText(q: string, window: TimeWindow) {
  const [text, setText] = useState(q);
  const [caret, setCaret] = useState(q.length);
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const input = useRef<HTMLTextAreaElement>(null);
  const nextCaret = useRef<number>(undefined);
  // a query that came through the address replaces what stands in the box
  const [shownQuery, setShownQuery] = useState(q);
  if (q !== shownQuery) {
    setShownQuery(q);
    setText(q);
  }
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
    if (nextCaret.current !== undefined) element.setSelectionRange(nextCaret.current, nextCaret.current);
    nextCaret.current = undefined;
  });
  const completion = useSuggestions(text, caret, window);
  const list = isOpen ? completion.suggestions : [];
  const place = Math.min(at, list.length - 1);
  return {
    input,
    text,
    list,
    /** Place of the chosen suggestion, -1 without any. */
    place,
    setCaret,
    setOpen,
    choose: (step: number) => setAt((place + step + list.length) % list.length),
    type: (typed: string, typedCaret: number) => {
      setText(typed);
      setCaret(typedCaret);
      setOpen(true);
      setAt(0);
    },
    take: (suggestion: Suggestion) => {
      const done = accept(text, completion, suggestion.text);
      setText(done.query);
      setCaret(done.caret);
      nextCaret.current = done.caret;
      setAt(0);
    },
  };
}
