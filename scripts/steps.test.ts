import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isTestFile } from './rooms.ts';

const root = new URL('..', import.meta.url);

function callersOf(call: RegExp): readonly string[] {
  return globSync(['src/client/**/*.ts', 'portal/src/**/*.{ts,tsx}'], { cwd: root })
    .filter((file) => !isTestFile(file) && call.test(readFileSync(new URL(file, root), 'utf8')))
    .toSorted();
}

describe('what a device keeps under a name', () => {
  it('is found after a change of key: no name follows from the present seed', () => {
    assert.deepEqual(callersOf(/\bderiveName\(/), [
      'src/client/party/nameOnDevice.ts',
      // A holder's key of a prescription is looked for under all former seeds.
      'src/client/prescriptions/prescriptionKeys.ts',
    ]);
  });

  it('is cut off in a test at each place, with a change of key before the same command: each step of the outbox', () => {
    const test = 'src/client/agent/keyChangedBetween.slow.test.ts';
    const text = readFileSync(new URL(test, root), 'utf8');
    const steps = callersOf(/\bdoOnce[<(]/).filter((file) => !file.endsWith('/doOnce.ts'));
    const untested = steps.filter((file) => !text.includes(` * ${file}:`));
    assert.deepEqual(untested, []);
    assert.ok(steps.length > 2);
  });
});
