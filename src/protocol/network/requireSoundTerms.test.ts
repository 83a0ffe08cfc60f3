import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { requireSoundTerms, type TermsGiven } from './requireSoundTerms.ts';

const AT = 1_800_000_000;
const DAY = 86_400;
const LONGEST = 3650 * DAY;
const sound: TermsGiven = {
  categories: ['vitals'],
  read: true,
  add: false,
  amend: false,
  from: AT,
  until: AT + 30 * DAY,
};

function judge(change: Partial<TermsGiven>): void {
  requireSoundTerms({ ...sound, ...change }, { at: AT, longest: LONGEST });
}

describe('requireSoundTerms takes', () => {
  const taken: [string, Partial<TermsGiven>][] = [
    ['a right of a month', {}],
    ['one that holds for a second', { until: AT + 1 }],
    ['the longest right', { until: AT + LONGEST }],
    ['one that began before', { from: AT - DAY }],
    ['one that begins later', { from: AT + DAY, until: AT + 2 * DAY }],
    ['one that only adds', { read: false, add: true }],
    ['one that only amends', { read: false, amend: true }],
  ];
  for (const [name, change] of taken) it(name, () => judge(change));
});

describe('requireSoundTerms refuses', () => {
  const refused: [string, Partial<TermsGiven>, RegExp][] = [
    ['no category', { categories: [] }, /`categories`/],
    ['no action', { read: false }, /`read`, `add` and `amend`/],
    ['an end in milliseconds', { until: (AT + DAY) * 1000 }, /1800086400000.*milliseconds/],
    [
      'both ends in milliseconds',
      { from: AT * 1000, until: (AT + DAY) * 1000 },
      /`from`.*milliseconds/,
    ],
    ['one second more than the longest', { until: AT + LONGEST + 1 }, /315360001 s after `from`/],
    ['a length that began long before', { from: 0 }, /`until` is .* s after `from`/],
    ['a begin that is as far ahead', { from: AT + LONGEST + 1, until: AT + LONGEST + 2 }, /`from`/],
    ['an end that has passed', { from: AT - 9, until: AT - 1 }, /passed.*Unix seconds/],
    ['an end that is now', { from: AT - 9, until: AT }, /passed.*Unix seconds/],
    ['an end at its begin', { until: AT }, /later than `from`.*Unix seconds/],
    ['an end before its begin', { from: AT + 9, until: AT + 8 }, /later than `from`/],
    ['an end of zero', { from: 0, until: 0 }, /later than `from`/],
    ['a part of a second', { until: AT + 0.5 }, /whole number of Unix seconds/],
    ['an end that is not a number', { until: Number.NaN }, /whole number of Unix seconds/],
    ['an end without end', { until: Number.POSITIVE_INFINITY }, /whole number of Unix seconds/],
    ['an end beyond what is exact', { until: 2 ** 53 }, /whole number of Unix seconds/],
    ['a begin below zero', { from: -1 }, /whole number of Unix seconds/],
  ];
  for (const [name, change, what] of refused) {
    it(name, () => {
      assert.throws(
        () => judge(change),
        (error) => isMedsealError(error, 'RIGHT_INVALID') && what.test(error.message),
      );
    });
  }
});
