/** Comments of a breach, oldest first, and room for one more. */
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { comment } from '../../api/actions.ts';
import { commentsQuery } from '../../api/queries.ts';
import { useFormatTime, useKeys } from '../../shell/hooks.ts';
import { Panel } from '../../ui/panel.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Loaded } from '../../ui/states.tsx';
import s from './breach.module.css';
import { TEXT } from './texts.ts';

/** Lines stay lines, everything else that hides is named. */
function Lines({ text }: { text: string }) {
  return text.split(/\r?\n/).map((line, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text never move
    <p key={i}>
      <SafeText value={line} />
    </p>
  ));
}

export function Comments({ pbid }: { pbid: number }) {
  const query = useQuery(commentsQuery(pbid));
  const format = useFormatTime();
  const [text, setText] = useState('');
  const input = useRef<HTMLTextAreaElement>(null);
  useKeys([{ keys: 'm', label: 'Comment', run: () => input.current?.focus() }]);
  const send = async () => {
    const message = text.trim();
    if (message === '') return;
    if (await comment(pbid, message)) setText('');
  };
  return (
    <Panel title={TEXT.comments} actions={query.data && <span className="quiet">{query.data.length}</span>}>
      <div className={s.comments}>
        <Loaded query={query} rows={1}>
          {(list) =>
            list.length === 0 ? (
              <p className="faint">{TEXT.noComments}</p>
            ) : (
              list.map((c) => (
                <article key={`${c.time} ${c.username}`}>
                  <header className="faint">
                    <SafeText value={c.username} most={40} /> ·{' '}
                    <time className="mono">{format(c.time, 'minute')}</time>
                  </header>
                  <Lines text={c.message} />
                </article>
              ))
            )
          }
        </Loaded>
        <textarea
          ref={input}
          rows={2}
          value={text}
          maxLength={10_000}
          aria-label={TEXT.commentLabel}
          placeholder={TEXT.commentLabel}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
          }}
        />
        <div className={s.sendLine}>
          <button
            type="button"
            className={s.button}
            disabled={text.trim() === ''}
            onClick={() => void send()}
          >
            {TEXT.addComment}
          </button>
          <span className="faint">{TEXT.send}</span>
        </div>
      </div>
    </Panel>
  );
}
