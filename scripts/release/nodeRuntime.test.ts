import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { newestGlibc } from './buildProgram.ts';
import { NODE_RUNTIME } from './nodeRuntime.ts';

it('the Node of a Debian package is the one that a clone runs on', () => {
  const { dependencies } = JSON.parse(readFileSync('runtime/package.json', 'utf8')) as {
    dependencies: { node: string };
  };
  assert.equal(NODE_RUNTIME.version, dependencies.node);
});

it('the newest glibc that a program names is the one that it needs', () => {
  assert.equal(newestGlibc('\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.9\0'), '2.34');
  assert.equal(newestGlibc('a program that mentions GLIBC_2.34'), undefined);
});
