import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { it } from 'node:test';

const SRC = new URL('..', import.meta.url);
/** Code that moves something whatever the style sheets say. */
const MOVES = /behavior: 'smooth'|\.animate\(|startViewTransition/;

it('style sheets alone move anything in the portal: they stop for a person who asks for that', () => {
  const files = globSync('**/*.{ts,tsx}', { cwd: SRC }).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  const moving = files.filter((file) => MOVES.test(readFileSync(new URL(file, SRC), 'utf8')));
  assert.ok(files.length > 500);
  assert.deepEqual(moving, []);
});
