/** Log-in as a view inside the page, so that the address people came for is still there afterwards. */

import type { login } from '@thymus/contract';
import { useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { formatDuration } from '../../lib/time-format.ts';
import { client, queries } from '../../shell/services.ts';
import { Brand } from '../../ui/brand.tsx';
import s from './login.module.css';

const TEXT = {
  title: 'Log in',
  user: 'User',
  password: 'Password',
  go: 'Log in',
  busy: 'Checking…',
  caps: 'Caps Lock is on.',
  wrong: 'User or password is wrong.',
  locked: (seconds: number) => `Too many tries. Try again in ${formatDuration(seconds * 1000)}.`,
  destination: 'You will be taken to',
  forgotten: 'Forgotten it? An administrator can run',
};

function reasonOf(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.status === 429) return TEXT.locked(error.retryAfter ?? 60);
  return error.status === 401 ? TEXT.wrong : error.message;
}

export function Login() {
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [hasCaps, setCaps] = useState(false);
  const submit = async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setReason('');
    try {
      const body = { username: form.get('username'), password: form.get('password') };
      const { csrf } = await client.post<typeof login>('/ui/login', body);
      client.csrf = csrf;
      await queries.refetchQueries({ queryKey: ['session'] });
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
    } catch (error) {
      setReason(reasonOf(error));
      setBusy(false);
    }
  };
  const seeCaps = (event: React.KeyboardEvent) => setCaps(event.getModifierState?.('CapsLock') ?? false);
  const destination = window.location.hash.replace(/^#\/?/, '');
  return (
    <main className={s.page}>
      <form className={s.card} onSubmit={(event) => void submit(event)} onKeyUp={seeCaps}>
        <Brand />
        <h1>{TEXT.title}</h1>
        <label>
          {TEXT.user}
          {/* biome-ignore lint/a11y/noAutofocus: the only thing to do here is to type */}
          <input name="username" autoComplete="username" required autoFocus spellCheck={false} />
        </label>
        <label>
          {TEXT.password}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <p className={s.reason} role="alert">
          {reason || (hasCaps ? TEXT.caps : '')}
        </p>
        <button type="submit" className={s.go} disabled={isBusy}>
          {isBusy ? TEXT.busy : TEXT.go}
        </button>
        {destination && (
          <p className={s.hint}>
            {TEXT.destination} <code>{destination.slice(0, 60)}</code>
          </p>
        )}
        <p className={s.hint}>
          {TEXT.forgotten} <code>thymus user reset</code>
        </p>
      </form>
    </main>
  );
}
