import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { pluralFaults } from './pluralFaults.ts';

const faultsOf = (language: string, message: string): readonly string[] =>
  pluralFaults(language, compileMessageOrThrow(message));

describe('the plurals of a message', () => {
  for (const [language, message] of [
    ['en', '{n, plural, one {one record} other {# records}}'],
    ['en', '{n, plural, one {it} other {them}}'],
    ['fr', '{n, plural, =1 {un an} one {# an} other {# ans}}'],
    ['ar', '{n, plural, zero {a} one {b} two {c} few {# d} many {# e} other {# f}}'],
    ['ar', '{n, plural, =0 {a} one {b} two {c} few {# d} many {# e} other {# f}}'],
  ] as const) {
    it(`are whole with the forms that ${language} needs: ${message}`, () => {
      assert.deepEqual(faultsOf(language, message), []);
    });
  }

  for (const [language, message, fault] of [
    ['en', '{n, plural, other {# records}}', 'lacks the plural form “one” of {n}'],
    [
      'ar',
      '{n, plural, zero {a} one {b} two {c} few {# d} other {# f}}',
      'lacks the plural form “many” of {n}',
    ],
    [
      'ar',
      '{s, select, yes {{n, plural, zero {a} one {b} few {# d} many {# e} other {# f}}} other {}}',
      'lacks the plural form “two” of {n}',
    ],
    // A dose “every 1.5 hours” would be read as one an hour.
    [
      'fr',
      '{n, plural, one {par heure} other {toutes les # heures}}',
      'does not say the number of {n} in the plural form “one”',
    ],
  ] as const) {
    it(`have a fault in ${language} that is named: ${message}`, () => {
      assert.deepEqual(faultsOf(language, message), [fault]);
    });
  }
});
