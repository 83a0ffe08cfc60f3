import { spawnSync } from 'node:child_process';

/**
 * Runs a shell line in a mount namespace of its own, as root of a user namespace: its mounts are invisible to others.
 *
 * @param line - The line.
 * @returns Its exit status, null if it could not be run, and all that it printed.
 */
export function runApart(line: string): {
  readonly status: number | null;
  readonly output: string;
} {
  const { status, stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', line], {
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}` };
}
