/** Asks for a password of one's own after the first log-in. */
import type { changePassword } from '@thymus/contract';
import { useState } from 'react';
import { client, queries } from '../../shell/services.ts';
import { Brand } from '../../ui/brand.tsx';
import s from './login.module.css';

const TEXT = {
  title: 'Choose a password',
  why: 'The first password was printed on a terminal. Choose one of your own, at least 12 characters long.',
  old: 'Password so far',
  next: 'New password',
  again: 'New password again',
  go: 'Set password',
  short: 'At least 12 characters.',
  differs: 'The two new passwords differ.',
};

const LEAST = 12;

export function ChangePassword({ user }: { user: string }) {
  const [reason, setReason] = useState('');
  const submit = async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [old, next, again] = ['old', 'next', 'again'].map((name) => String(form.get(name) ?? ''));
    if ((next ?? '').length < LEAST) return setReason(TEXT.short);
    if (next !== again) return setReason(TEXT.differs);
    try {
      const { csrf } = await client.post<typeof changePassword>('/ui/password', { old, new: next });
      client.csrf = csrf;
      await queries.refetchQueries({ queryKey: ['session'] });
    } catch (error) {
      setReason(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <main className={s.page}>
      <form className={s.card} onSubmit={(event) => void submit(event)}>
        <Brand />
        <h1>{TEXT.title}</h1>
        <p className={s.hint}>{TEXT.why}</p>
        <input type="hidden" name="username" autoComplete="username" value={user} readOnly />
        <label>
          {TEXT.old}
          {/* biome-ignore lint/a11y/noAutofocus: the only thing to do here is to type */}
          <input name="old" type="password" autoComplete="current-password" required autoFocus />
        </label>
        <label>
          {TEXT.next}
          <input name="next" type="password" autoComplete="new-password" required />
        </label>
        <label>
          {TEXT.again}
          <input name="again" type="password" autoComplete="new-password" required />
        </label>
        <p className={s.reason} role="alert">
          {reason}
        </p>
        <button type="submit" className={s.go}>
          {TEXT.go}
        </button>
      </form>
    </main>
  );
}
