import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findShapeError } from '../wire/findShapeError.ts';
import { OUTCOME } from './answerShapes.ts';

describe('OUTCOME', () => {
  it('takes a refusal whatever the number that its error names: codes of a ledger are below 0', () => {
    const error = new MedsealError('LEDGER_REJECTED', { code: -32000, reason: 'out of gas' });
    const outcome = { outcome: 'refused', problem: error.toProblem() };
    assert.equal(findShapeError(OUTCOME, outcome, 'answer'), undefined);
  });
});
