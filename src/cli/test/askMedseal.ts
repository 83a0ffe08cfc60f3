import assert from 'node:assert/strict';
import { runMedseal } from './runMedseal.ts';

/**
 * Runs a command that must succeed, for its JSON.
 *
 * @param args - The command, without `--json`.
 */
export async function askMedseal<Value = Record<string, unknown>>(
  ...args: readonly string[]
): Promise<Value> {
  const { code, stdout, stderr } = await runMedseal(...args, '--json');
  assert.equal(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Value;
}
