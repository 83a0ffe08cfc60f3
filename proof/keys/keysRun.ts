import { execFile } from 'node:child_process';

/** Outcome of playing sequences. */
export interface KeysRun {
  readonly agrees: boolean;
  /** Output: for a sequence that does not agree, its steps, the fault, and the command that plays it again. */
  readonly output: string;
}

/**
 * Plays sequences in processes of their own, because the test runner watches every promise and halves their speed.
 *
 * @param options - As for `npm run proof keys`.
 * @param mutation - The name of a fault in the product's code, if there is to be one.
 */
export async function keysRun(options: readonly string[], mutation?: string): Promise<KeysRun> {
  const folder = import.meta.dirname;
  const mutated = mutation === undefined ? [] : ['--import', `${folder}/mutate.ts`];
  const args = [...mutated, `${folder}/runKeys.ts`, ...options];
  const env = { ...process.env, ...(mutation !== undefined && { MUTATION: mutation }) };
  return await new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
      resolve({ agrees: error === null, output: `${stdout}${stderr}` });
    });
  });
}
