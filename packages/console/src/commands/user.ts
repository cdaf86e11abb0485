/** `thymus user`: local users. */
import { Command } from 'commander';
import { withApi } from '../connection.ts';
import { collect, folderCommand, jsonOption } from '../options.ts';
import { formatTime, printFacts, printRows, terminal } from '../output.ts';

interface ListedUser {
  username: string;
  permissions: string[];
  lastLogin?: number;
}

export const user = (): Command =>
  new Command('user').description('Local users.').addCommand(add()).addCommand(reset()).addCommand(list());

const tell = (username: string, password: string, isJson: boolean): void => {
  printFacts({ username, password }, isJson);
  if (!isJson) terminal.note('The password is shown only now and must be changed at the first log-in.\n');
};

const add = (): Command =>
  folderCommand('add', 'Add a user with a random first password.')
    .argument('<name>', 'user name')
    .option('--permission <names>', 'permissions, by comma; repeatable (admin: all)', collect, [] as string[])
    .option(...jsonOption)
    .action((username: string, flags: { data: string; permission: string[]; json?: boolean }) =>
      withApi(flags.data, {}, async (api) => {
        const permissions = flags.permission.length > 0 ? flags.permission : ['admin'];
        const body = { username, permissions };
        const { password } = await api.call<{ password: string }>('POST', '/ui/users', body);
        tell(username, password, flags.json ?? false);
      }),
    );

const reset = (): Command =>
  folderCommand('reset', 'Give a user a new random password and end the sessions.')
    .argument('<name>', 'user name')
    .option(...jsonOption)
    .action((username: string, flags: { data: string; json?: boolean }) =>
      withApi(flags.data, {}, async (api) => {
        const path = `/ui/users/${encodeURIComponent(username)}/reset`;
        const { password } = await api.call<{ password: string }>('POST', path, {});
        tell(username, password, flags.json ?? false);
      }),
    );

const list = (): Command =>
  folderCommand('list', 'List users.')
    .option(...jsonOption)
    .action((flags: { data: string; json?: boolean }) =>
      withApi(flags.data, {}, async (api) => {
        printRows(
          await api.call<ListedUser[]>('GET', '/ui/users'),
          [
            { title: 'USER', value: (u) => u.username },
            { title: 'LAST LOG-IN', value: (u) => (u.lastLogin ? formatTime(u.lastLogin) : 'never') },
            { title: 'PERMISSIONS', value: (u) => u.permissions.join(', ') },
          ],
          flags.json ?? false,
        );
      }),
    );
