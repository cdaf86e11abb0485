/** `thymus token`: API tokens. */
import { Command } from 'commander';
import { withApi } from '../connection.ts';
import { folderCommand, jsonOption } from '../options.ts';
import { formatTime, printFacts, printRows, terminal } from '../output.ts';

interface ListedToken {
  public: string;
  name: string;
  created: number;
  lastUsed?: number;
}

export const token = (): Command =>
  new Command('token')
    .description('API tokens.')
    .addCommand(create())
    .addCommand(list())
    .addCommand(revoke());

const create = (): Command =>
  folderCommand('create', 'Make a token pair; the private one is shown only now.')
    .requiredOption('--name <name>', 'what the token is for')
    .option('--json', 'print {"public","private"}')
    .action((flags: { data: string; name: string; json?: boolean }) =>
      withApi(flags.data, {}, async (api) => {
        const pair = await api.call<{ public: string; private: string }>('POST', '/ui/tokens', {
          name: flags.name,
        });
        printFacts({ public: pair.public, private: pair.private }, flags.json ?? false);
        if (!flags.json) terminal.note('Store the private token now; it cannot be shown again.\n');
      }),
    );

const list = (): Command =>
  folderCommand('list', 'List tokens.')
    .option(...jsonOption)
    .action((flags: { data: string; json?: boolean }) =>
      withApi(flags.data, {}, async (api) => {
        printRows(
          await api.call<ListedToken[]>('GET', '/ui/tokens'),
          [
            { title: 'PUBLIC', value: (t) => t.public },
            { title: 'NAME', value: (t) => t.name },
            { title: 'CREATED', value: (t) => formatTime(t.created) },
            { title: 'LAST USED', value: (t) => (t.lastUsed ? formatTime(t.lastUsed) : 'never') },
          ],
          flags.json ?? false,
        );
      }),
    );

const revoke = (): Command =>
  folderCommand('revoke', 'Revoke a token.')
    .argument('<public>', 'public token')
    .action((publicToken: string, flags: { data: string }) =>
      withApi(flags.data, {}, async (api) => {
        await api.call('DELETE', `/ui/tokens/${encodeURIComponent(publicToken)}`);
        terminal.write('Revoked.\n');
      }),
    );
