import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';

const script = `${import.meta.dirname}/runSimulations.ts`;

/**
 * Runs simulations, and fails with the seed of one in which something happened that must not.
 *
 * @param seeds - One run for each.
 * @param steps - How many things each party does.
 * @returns The traces' hashes.
 */
export async function simulations(seeds: readonly string[], steps: number): Promise<string[]> {
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, [script, String(steps), ...seeds], (error, output) => {
      if (error === null) resolve(output.trim().split('\n'));
      else reject(new assert.AssertionError({ message: `${output}\n${error.message}` }));
    });
  });
}
