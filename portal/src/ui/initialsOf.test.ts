import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { initialsOf } from './initialsOf.ts';

describe('initialsOf', () => {
  for (const [name, initials] of [
    ['Ana Ferreira', 'AF'],
    ['Dr. Lena Brandt', 'LB'],
    ['Prof. Dr. María del Carmen Ñandú', 'MÑ'],
    ['anna', 'A'],
    ['Dr.', 'D'],
    ['  ', ''],
    ['𝒜na 𝓑ell', '𝒜𝓑'],
  ] as const) {
    it(`makes "${initials}" of "${name}"`, () => {
      assert.equal(initialsOf(name), initials);
    });
  }
});
