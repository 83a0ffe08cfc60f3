import { toMedsealError } from '../errors/toMedsealError.ts';

/**
 * Says what went wrong, with its code and what can be done.
 *
 * @param error - What was thrown.
 * @param json - Whether for a program: one line of JSON on standard output.
 * @returns The exit code: 2 for a wrong command line, 1 for everything else.
 */
export function reportFailure(error: unknown, json: boolean): number {
  const known = toMedsealError(error);
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: known.toProblem() })}\n`);
  else process.stderr.write(`medseal: ${known.message} [${known.code}]\n  ${known.next}\n`);
  if (known.code === 'INTERNAL' && known.cause instanceof Error) {
    process.stderr.write(`  ${known.cause.message}\n`);
  }
  return known.code === 'ARGUMENT_INVALID' ? 2 : 1;
}
