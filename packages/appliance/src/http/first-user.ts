/** The first user of an installation. */
import type { State } from '@thymus/store';
import { ARGON2, madePassword, type PasswordKeeper } from './passwords.ts';

/**
 * Adds `admin` with a random password if there is no user yet, and returns it: the only time it can be seen. The
 * password has to be changed at the first log-in.
 */
export async function ensureFirstUser(
  state: State,
  now: number,
  passwords: PasswordKeeper = ARGON2,
): Promise<{ username: string; password: string } | undefined> {
  if ((await state.users.list()).length > 0) return undefined;
  const password = madePassword();
  const user = {
    username: 'admin',
    password: await passwords.hash(password),
    permissions: ['admin'],
    mustChange: true,
    now,
  };
  const added = await state.users.add(user);
  if (!added) return undefined;
  await state.audit({
    time: now,
    username: 'local',
    action: 'user.add',
    target: 'admin',
    detail: 'first user',
  });
  return { username: user.username, password };
}
