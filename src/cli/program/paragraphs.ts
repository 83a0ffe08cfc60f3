import type { Command } from 'commander';
import { fold } from '../terminal/fold.ts';

/**
 * Folds the notes of a help to the terminal's width, as its options are. A line goes on in the next one unless it ends
 * with a full stop.
 *
 * @param text - The notes, broken as the source is.
 * @param command - The command whose help it is.
 */
export function paragraphs(text: string, command: Command): string {
  const whole = text.replaceAll(/(?<![.\n])\n(?!\n)/g, ' ');
  return fold(whole, command.configureOutput().getOutHelpWidth?.(), 0);
}
