import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { fromProblem } from './fromProblem.ts';
import { MedsealError } from './MedsealError.ts';
import { toPublicError } from './toPublicError.ts';

describe('the evidence of an error', () => {
  const evidence = { entry: 'blood group of Anna' };
  const error = new MedsealError('RIGHT_MISSING', {}, { evidence });

  it('is for whoever caught it', () => {
    assert.equal(error.evidence, evidence);
    assert.equal(toPublicError(error).evidence, evidence);
    assert.equal(new MedsealError('RIGHT_MISSING', {}).evidence, undefined);
  });

  it('is never sent, and never logged', () => {
    const told = toPublicError(error).toProblem();
    for (const text of [JSON.stringify(told), JSON.stringify(error), inspect(error)]) {
      assert.doesNotMatch(text, /Anna|evidence/);
    }
    assert.equal(fromProblem({ ...told, evidence }).evidence, undefined);
  });
});
