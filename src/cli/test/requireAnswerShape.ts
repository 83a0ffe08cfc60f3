import assert from 'node:assert/strict';
import { findShapeError } from '../../protocol/wire/findShapeError.ts';
import { createProgram } from '../createProgram.ts';
import { chooseVerb } from '../program/verb.ts';
import { captureStreams } from './captureStreams.ts';

/**
 * Requires that a document which a verb printed with `--json` has the shape that the verb states; a failure has a shape
 * of its own.
 *
 * @param args - Arguments after `medseal`.
 * @param stdout - The output.
 */
export async function requireAnswerShape(args: readonly string[], stdout: string): Promise<void> {
  if (!args.includes('--json') || !stdout.startsWith('{')) return;
  const { ok: _ok, ...value } = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  if ('error' in value) return;
  const choice = await chooseVerb(createProgram(captureStreams()), args);
  assert.ok(choice !== undefined);
  assert.equal(findShapeError(await choice.gives(), value, choice.command), undefined, stdout);
}
