import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayTake } from './mayTake.ts';
import type { Session } from './Session.ts';

const sessionOf = (acting?: Session['acting']): Session =>
  ({ party: {}, called: 'Marta', ...(acting && { acting }) }) as unknown as Session;

const none = (): boolean => false;
const all = (): boolean => true;

describe('a session that opens', () => {
  const marta = sessionOf();
  const forLeo = sessionOf({
    own: marta,
    mandate: {} as NonNullable<Session['acting']>['mandate'],
  });

  it('is let in where nobody is at work, or as the same person with other facts', () => {
    assert.ok(mayTake(marta, undefined, none));
    assert.ok(mayTake({ ...marta, role: 'patient' }, marta, none));
    assert.ok(!mayTake(marta, undefined, all));
    assert.ok(!mayTake(sessionOf(), marta, none));
  });

  it('takes the place of the one that it was opened for, and of no other', () => {
    assert.ok(mayTake(sessionOf(), marta, none, marta));
    assert.ok(!mayTake(sessionOf(), marta, none, forLeo));
    assert.ok(!mayTake(sessionOf(), undefined, none, marta));
  });

  it('acts for a patient from the person’s own session alone, and leads back to it alone', () => {
    assert.ok(mayTake(forLeo, marta, none));
    assert.ok(mayTake({ ...forLeo, called: 'Leo' }, forLeo, none));
    assert.ok(mayTake(marta, forLeo, none));
    assert.ok(!mayTake(sessionOf(), forLeo, none), 'another person');
    assert.ok(!mayTake(forLeo, undefined, none), 'after the lock');
    assert.ok(
      !mayTake({ ...forLeo, party: {} as Session['party'] }, forLeo, none),
      'a second time',
    );
    assert.ok(!mayTake(forLeo, sessionOf(), none), 'while somebody else is at work');
    assert.ok(!mayTake(forLeo, marta, (party) => party === forLeo.party), 'once it was left');
  });
});
