import type { Command } from 'commander';

/**
 * Shows the help of a command: `medseal help record add` prints what `medseal record add --help` does.
 *
 * @param program - The whole command line.
 * @param words - The names of the command, from the first on; none stands for the whole.
 * @throws CommanderError for a name that no command has.
 */
export function showHelp(program: Command, words: readonly string[]): void {
  let command: Command = program;
  for (const word of words) {
    if (word === '--help' || word === '-h') continue;
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) {
      command.error(`error: unknown command '${word}'`, { code: 'commander.unknownCommand' });
    }
    command = next;
  }
  command.outputHelp();
}
