import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { it } from 'node:test';

/** A wait, and the failure of the same thing beside it, written by hand. */
const LADDER =
  /(?<on>\w+)\.(?:state === 'working'|busy)\b[^;]{0,40}?<Pending[^>]*\/>\s*\)?[;}]\s*(?:if \(|\{)\k<on>\.(?:state === 'failed'|error !== undefined)[^;]{0,40}?<Failure error=\{\k<on>\.error\}(?: again=\{\k<on>\.again\})? \/>/;

it('a screen that waits says so, and why it failed, through one component', async () => {
  const by: string[] = [];
  for await (const file of glob('**/*.tsx', { cwd: 'portal/src' })) {
    if (LADDER.test(await readFile(`portal/src/${file}`, 'utf8'))) by.push(file);
  }
  assert.deepEqual(by, []);
});
