import type { Command } from 'commander';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { bashCompletion } from './bashCompletion.ts';
import type { Completed } from './Completed.ts';
import { fishCompletion } from './fishCompletion.ts';
import { zshCompletion } from './zshCompletion.ts';
import type { COMPLETION_MADE } from '../networkAnswers.ts';

const SHELLS: Readonly<Record<string, (commands: readonly Completed[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/**
 * Prints the completion of a shell, made from the whole command line.
 *
 * @param _terminal - Not needed.
 * @param program - The whole command line.
 * @param shell - `bash`, `zsh` or `fish`.
 * @throws MedsealError `ARGUMENT_INVALID` for another.
 */
export async function completion(
  _terminal: Terminal,
  program: Command,
  shell: string,
): Promise<AnswerOf<typeof COMPLETION_MADE>> {
  const make = SHELLS[shell];
  if (make === undefined) {
    const reason = `it must be one of: ${Object.keys(SHELLS).join(', ')}`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: shell, reason });
  }
  const script = make(completed(program));
  return await Promise.resolve({
    value: { shell, script },
    lines: script.trimEnd().split('\n'),
    verbatim: true,
  });
}

function completed(command: Command, path: readonly string[] = []): readonly Completed[] {
  const commands = command.commands.map((each) => ({
    name: each.name(),
    about: each.description(),
  }));
  const options = command.options.map(({ long, flags, description, required, optional }) => ({
    long: long ?? flags,
    about: description,
    value: required || optional,
  }));
  const own = { path, about: command.description(), commands, options };
  return [own, ...command.commands.flatMap((each) => completed(each, [...path, each.name()]))];
}
