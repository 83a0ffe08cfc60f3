import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';

/** Ledger of a simulation: one node's, or that of the organisations' validators. */
export type LedgerKind = 'embedded' | 'validators';

const script = `${import.meta.dirname}/runSimulations.ts`;

/**
 * Runs simulations, and fails with the seed of one with a violation.
 *
 * @param seeds - One run for each.
 * @param steps - Number of actions of each party.
 * @param ledger - Kind of the ledger.
 * @returns Hashes of the traces.
 */
export async function simulations(
  seeds: readonly string[],
  steps: number,
  ledger: LedgerKind = 'embedded',
): Promise<string[]> {
  return (await run(['--ledger', ledger, String(steps), ...seeds])).split('\n');
}

/**
 * Lives a short year by a seed, and fails with what was wrong in it.
 *
 * @param seed - Days and their order follow from it.
 */
export async function shortYear(seed: string): Promise<void> {
  await run(['--year', 'short', '0', seed]);
}

/**
 * Runs as many simulations as begin in time, and fails as `simulations` does.
 *
 * @param name - Prefix of all their seeds.
 * @param options - Actions of each party, greatest number of runs, seconds within which one may begin, and the ledger.
 * @returns Number of runs, and their rate.
 */
export async function manySimulations(
  name: string,
  options: Readonly<Record<'steps' | 'seeds' | 'seconds', number> & { ledger?: LedgerKind }>,
): Promise<string> {
  const given = Object.entries(options).flatMap(([option, value]) => [`--${option}`, `${value}`]);
  const told = await run(['--name', name, ...given]);
  return told.split('\n').at(-1) ?? '';
}

async function run(options: readonly string[]): Promise<string> {
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, [script, ...options], (error, output) => {
      if (error === null) resolve(output.trim());
      else reject(new assert.AssertionError({ message: `${output}\n${error.message}` }));
    });
  });
}
