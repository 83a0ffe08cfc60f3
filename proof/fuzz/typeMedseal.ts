import { catalogue } from '../../src/errors/catalogue.ts';
import { runProgram } from '../../src/cli/runProgram.ts';
import { captureStreams } from '../../src/cli/test/captureStreams.ts';
import { TargetFault } from './FuzzTarget.ts';

/** Exit code and output of a command line. */
export interface Typed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command line in this process, and holds it to how every verb must end: 0; 2 for a wrong command line; 1 or 3
 * with a code, what happened and what to do, and never with where it happened.
 *
 * @param args - Arguments after `medseal`.
 * @param input - Input that is piped in.
 * @throws TargetFault if it ends in another way.
 */
export async function typeMedseal(
  args: readonly string[],
  input: string | Buffer = '',
): Promise<Typed> {
  const streams = captureStreams(input);
  const code = await runProgram(args, streams);
  const [stdout, stderr] = [streams.out().toString(), streams.err()];
  const said = `${stdout}\n${stderr}`;
  const fault = (what: string): TargetFault =>
    new TargetFault(`${what} (${code}): ${said.slice(0, 3000)}`);
  if (!Number.isInteger(code) || code < 0 || code > 3) throw fault('another exit code');
  if (/\n\s+at .*[:(]\d+/.test(said)) throw fault('a stack trace');
  if (said.includes('INTERNAL')) throw fault('an internal error');
  if (code === 0) return { code, stdout, stderr };
  if (args.includes('--json') && stdout !== '') {
    const { ok, error } = JSON.parse(stdout) as {
      ok: boolean;
      error?: { code: string; next: string };
    };
    if (
      ok ||
      (error !== undefined && (!Object.hasOwn(catalogue, error.code) || error.next === ''))
    ) {
      throw fault('no error');
    }
    return { code, stdout, stderr };
  }
  const [, named] = /^medseal: [^]*\[([A-Z_]+)\]\n {2}\S/m.exec(stderr) ?? [];
  // A command line without a command gets the list of commands.
  const isUsage = code === 2 && /^(?:error: |Usage: )/m.test(stderr);
  // A verb that verifies prints what it found, and exits with 1 if not all of it holds.
  const isFinding = code === 1 && /not safe|^Faults found:/im.test(stdout);
  if (!isUsage && !isFinding && (named === undefined || !Object.hasOwn(catalogue, named))) {
    throw fault('no code, or nothing to do');
  }
  return { code, stdout, stderr };
}
