import assert from 'node:assert/strict';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';

/**
 * Makes a check for `assert.throws` and `assert.rejects`: a Medseal error of a code, with the given values.
 *
 * @param code - The code.
 * @param values - Some of the values that it must have.
 */
export function failsWith(
  code: ErrorCode,
  values: Readonly<Record<string, unknown>> = {},
): (error: unknown) => true {
  return (error) => {
    assert.ok(isMedsealError(error, code), `${String(error)} is not ${code}`);
    assert.partialDeepStrictEqual(error.values, values);
    return true;
  };
}
