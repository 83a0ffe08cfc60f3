import assert from 'node:assert/strict';
import type { Run } from './runMedseal.ts';

/**
 * Asserts that a run was refused, and said why.
 *
 * @param run - The run.
 * @param code - The code of the error.
 * @param exit - The exit code.
 */
export function refused(run: Run, code: string, exit = 1): void {
  assert.match(run.stderr, new RegExp(`^medseal: .*\\[${code}\\]\\n {2}\\S`, 'm'), run.stdout);
  assert.equal(run.code, exit, run.stderr);
}
