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

/** Verbs of operators that remember nothing, and why they sign nothing twice. */
const SAFE_TO_SIGN_AGAIN = {
  'src/cli/party/recover.ts': 'it signs what the file says, with the number that is there',
  'src/cli/party/suspend.ts':
    'it has the number of the party’s next change, and finds one that stands',
  'src/cli/unit/redeemUnitsVerb.ts':
    'it signs what the holder’s file says, with the number that is there',
};

describe('what a device keeps under a name', () => {
  // @actor a further kind of step whose name on the device follows from the present key | is taken twice after a change of key
  it('is found after a change of key: no name follows from the present seed', () => {
    assert.deepEqual(callersOf(/\bderiveName\(/), [
      // A holder's key of a prescription is looked for under all former seeds.
      'src/client/care/prescriptions/prescriptionKeys.ts',
      'src/client/party/nameOnDevice.ts',
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

  // @actor a further verb of operators that signs for the authority and remembers nothing | takes a step twice
  it('is kept in the member’s folder where an operator signs for the authority, unless it is safe to sign again', () => {
    const forgetful = globSync('{demo,src/cli}/**/*.ts', { cwd: root })
      .filter((file) => !isTestFile(file) && !file.endsWith('/openMembers.ts'))
      .filter((file) => /\bopenGuest\(\w+\)/.test(readFileSync(new URL(file, root), 'utf8')));
    assert.deepEqual(forgetful.toSorted(), Object.keys(SAFE_TO_SIGN_AGAIN));
  });
});
