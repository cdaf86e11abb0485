/** Reads the command line and runs what it asks for. */
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/index.ts';
import { EXIT, reportError } from './exit.ts';
import { VERSION } from './version.ts';

const program = new Command('thymus')
  .description('Self-learning network detection and response.')
  .version(VERSION)
  .showSuggestionAfterError(true)
  .showHelpAfterError('(thymus --help lists all commands)')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 not allowed, 4 not reachable, 5 done in part, 78 wrong configuration.',
  )
  .exitOverride();
for (const command of COMMANDS) program.addCommand(inherit(command()));

/** Subcommands throw instead of exiting, too. */
function inherit(command: Command): Command {
  command.exitOverride();
  for (const sub of command.commands) inherit(sub);
  return command;
}

// A reader that has seen enough (`| head`) ends the command, quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed),
);

// What nobody waits for ends the command as well; the data folder bears that at any time.
process.on('uncaughtException', (error) => process.exit(reportError(error)));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else process.exitCode = reportError(error);
}
