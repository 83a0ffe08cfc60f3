import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNameTaken } from './isNameTaken.ts';

const [BOB, EVE] = [`0x${'b0'.repeat(20)}`, `0x${'e0'.repeat(20)}`] as const;
const people = [{ address: BOB, name: 'Dr House' }];

describe('the name of a person', () => {
  it('is taken by another person, also if only spaces, case or hidden characters differ', () => {
    for (const name of [
      'Dr House',
      'dr house',
      'Dr  House',
      'DrHouse',
      'Dr\u200b House',
      'Ｄr House',
    ]) {
      assert.ok(isNameTaken(people, { address: EVE, name }), name);
    }
  });

  it('is not taken by the same person, nor by another name', () => {
    assert.ok(!isNameTaken(people, { address: BOB, name: 'dr house' }));
    assert.ok(!isNameTaken(people, { address: EVE, name: 'Dr Brandt' }));
  });
});
