import type { Command } from 'commander';
import { createProgram } from '../createProgram.ts';
import { chooseVerb } from '../program/verb.ts';
import { captureStreams } from './captureStreams.ts';

/**
 * Returns what is wrong with a command line, as the command itself would say; nothing is done.
 *
 * @param line - Arguments after `medseal`, as a shell would take them.
 */
export async function faultOfLine(line: string): Promise<string | undefined> {
  try {
    await chooseVerb(createProgram(captureStreams()), wordsOf(line));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A command and all below it. */
export function commandsIn(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap((each) => commandsIn(each))];
}

/** The words of a line up to a redirection, a pipe or a comment; quotes hold a word together. */
export function wordsOf(line: string): string[] {
  const [command = ''] = line.split(/\s(?:[<>|#&]|2>)/, 1);
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}
