import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { doseGiven } from './doseGiven.ts';

const given = (...fields: readonly string[]): ReturnType<typeof doseGiven> =>
  doseGiven({
    unit: 'tablet',
    dose: fields.map((each) => each.split('=') as unknown as readonly [string, string]),
  });

describe('a dose on the command line', () => {
  it('has the unit that is dispensed unless it names another', () => {
    assert.equal(given('amount=1', 'times=3')?.unit, 'tablet');
    assert.equal(given('amount=5', 'unit=ml', 'times=3')?.unit, 'ml');
    assert.equal(doseGiven({ unit: 'tablet', dosage: 'One in the evening' }), undefined);
  });

  it('is refused with the name of the field that is wrong, unknown or given twice', () => {
    for (const [fields, message] of [
      [['amount=0', 'times=3'], /dose\.amount: must be 0\.001 or more/],
      [['amount=1', 'times=3', 'days=400'], /dose\.days: must be at most 365/],
      [['amount=1', 'amount=2'], /--dose amount: it was given twice/],
      [
        ['amounts=1'],
        /--dose amounts: the fields of a dose are amount \(0\.001 to 100000\), required/,
      ],
    ] as const) {
      assert.throws(
        () => given(...fields),
        (error) => error instanceof MedsealError && message.test(error.message),
        String(message),
      );
    }
    assert.throws(() => doseGiven({ unit: 'tablet' }), { code: 'ARGUMENT_INVALID' });
  });
});
