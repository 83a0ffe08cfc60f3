import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { visibleJson } from '../../errors/visibleJson.ts';
import { withCommand } from './calledAs.ts';
import { shownLines } from '../terminal/shownLines.ts';
import type { Streams } from '../terminal/Streams.ts';

/**
 * Reports an error, with its code and what can be done.
 *
 * @param error - The thrown value.
 * @param json - True if for a program: one line of JSON on standard output.
 * @param streams - Streams to write to.
 * @param command - Words of the command that failed, such as `record add`; its help explains an option.
 * @returns The exit code: 2 for a wrong command line, 3 if the same may succeed later, 1 for everything else.
 */
export function reportFailure(
  error: unknown,
  json: boolean,
  { stdout, stderr }: Streams,
  command?: string,
): number {
  const known = toMedsealError(error);
  const next = withCommand(nextFor(known, command));
  if (json) {
    const failure = JSON.stringify({ ok: false, error: { ...known.toProblem(), next } });
    stdout.write(`${visibleJson(failure)}\n`);
  } else {
    stderr.write(
      shownLines([`medseal: ${withCommand(known.message)} [${known.code}]`, `  ${next}`], stderr),
    );
  }
  if (known.code === 'INTERNAL' && known.cause instanceof Error) {
    stderr.write(shownLines([`  ${known.cause.message}`], stderr));
  }
  if (known.code === 'ARGUMENT_INVALID') return 2;
  return known.retry && known.code !== 'INTERNAL' ? 3 : 1;
}

/** Says what to do: of an option, where it is explained. */
function nextFor(error: MedsealError, command: string | undefined): string {
  const isOption =
    isMedsealError(error, 'ARGUMENT_INVALID') && error.values.argument.startsWith('--');
  if (!isOption || command === undefined) return error.next;
  return `See \`medseal ${command} --help\`.`;
}
