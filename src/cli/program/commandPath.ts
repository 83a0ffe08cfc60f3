import type { Command } from 'commander';

/**
 * Returns the words of a command after the program's name, such as `record add`.
 *
 * @param command - The command; the program itself has no words.
 */
export function commandPath(command: Command): string {
  if (command.parent === null) return '';
  return `${commandPath(command.parent)} ${command.name()}`.trim();
}
