import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_KNOWN_ALLERGY } from '../noKnownAllergy.ts';
import { hasLuhnDigit, hasVerhoeffDigit } from './checkDigit.ts';

/** Every number that differs from a number in one digit. */
function oneDigitOff(digits: string): readonly string[] {
  return Array.from(digits).flatMap((digit, place) =>
    Array.from({ length: 10 }, (_, other) => String(other))
      .filter((other) => other !== digit)
      .map((other) => digits.slice(0, place) + other + digits.slice(place + 1)),
  );
}

describe('the check digit', () => {
  it('is that of published codes of SNOMED CT, and of none that differs in one digit or has two changed places', () => {
    // The last is the module of the international edition, one of the longest codes.
    const codes = ['138875005', '22298006', '73211009', '3457005', '900000000000207008'];
    for (const code of [...codes, ...Object.values(NO_KNOWN_ALLERGY).map(([each]) => each)]) {
      assert.ok(hasVerhoeffDigit(code), code);
      for (const wrong of oneDigitOff(code)) assert.ok(!hasVerhoeffDigit(wrong), wrong);
    }
    assert.ok(hasVerhoeffDigit('2363') && !hasVerhoeffDigit('2633'));
  });

  it('is that of published codes of LOINC, and of none that differs in one digit', () => {
    for (const code of ['8867-4', '85354-9', '2708-6', '59408-5', '58410-2', '883-9', '10331-7']) {
      const digits = code.replace('-', '');
      assert.ok(hasLuhnDigit(digits), code);
      for (const wrong of oneDigitOff(digits)) assert.ok(!hasLuhnDigit(wrong), wrong);
    }
  });
});
