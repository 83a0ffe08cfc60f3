import { spawnSync } from 'node:child_process';

/** Reason why a release cannot be made, with what to do. */
export class ReleaseError extends Error {}

/**
 * Runs a program and returns what it prints.
 *
 * @param env - Variables beside those of this process.
 * @throws ReleaseError if it is not on the machine, or ends with another code than 0; with what it said last.
 */
export function runTool(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  if (error !== undefined) throw new ReleaseError(`${program} cannot be run: ${error.message}.`);
  if (status !== 0) {
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n');
    throw new ReleaseError(`${program} ${args[0] ?? ''} failed (exit code ${status}):\n${said}`);
  }
  return stdout;
}

/** Tells whether the system finds a program. */
export function hasTool(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}
