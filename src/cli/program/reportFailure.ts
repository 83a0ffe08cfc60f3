import { toMedsealError } from '../../errors/toMedsealError.ts';
import { visibleJson } from '../../errors/visibleJson.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type { Streams } from '../terminal/Streams.ts';

/**
 * Reports an error, with its code and what can be done.
 *
 * @param error - The thrown value.
 * @param json - True if for a program: one line of JSON on standard output.
 * @param streams - Streams to write to.
 * @returns The exit code: 2 for a wrong command line, 3 if the same may succeed later, 1 for everything else.
 */
export function reportFailure(error: unknown, json: boolean, { stdout, stderr }: Streams): number {
  const known = toMedsealError(error);
  if (json) {
    const failure = JSON.stringify({ ok: false, error: known.toProblem() });
    stdout.write(`${visibleJson(failure)}\n`);
  } else stderr.write(`medseal: ${known.message} [${known.code}]\n  ${known.next}\n`);
  if (known.code === 'INTERNAL' && known.cause instanceof Error) {
    stderr.write(`  ${visibleText(known.cause.message)}\n`);
  }
  if (known.code === 'ARGUMENT_INVALID') return 2;
  return known.retry && known.code !== 'INTERNAL' ? 3 : 1;
}
