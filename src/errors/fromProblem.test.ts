import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromProblem } from './fromProblem.ts';
import { MedsealError } from './MedsealError.ts';

describe('an error that a peer sent', () => {
  it('is the one that it was', () => {
    const error = new MedsealError('VERDICTS_MISSING', { got: 1, needed: 2 });
    const copy = fromProblem(JSON.parse(JSON.stringify(error.toProblem())));
    assert.deepEqual(
      [copy.code, copy.message, copy.values],
      [error.code, error.message, error.values],
    );
    assert.equal(fromProblem({ code: 'CLOCK_SKEWED', values: undefined }).code, 'CLOCK_SKEWED');
  });

  it('is PEER_MALFORMED where it is of another form, and never something else that is thrown', () => {
    const code = 'NOT_FOUND';
    for (const problem of [
      undefined,
      null,
      7,
      'NOT_FOUND',
      [],
      {},
      { code: 404 },
      { code: '__proto__' },
      { code: 'toString' },
      { code, values: 7 },
      { code, values: ['what'] },
      // Such a value cannot be made a text of.
      { code, values: { what: { toString: 1, valueOf: 1 } } },
      { code, values: { what: null } },
      { code, values: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`a${i}`, 1])) },
    ]) {
      assert.equal(fromProblem(problem).code, 'PEER_MALFORMED', JSON.stringify(problem));
    }
  });

  it('says nothing that a terminal would obey, and no more than a person would read', () => {
    const what = `\u001b]0;title\u0007\u009b2J\r\n${'x'.repeat(5000)}`;
    const { message } = fromProblem({ code: 'NOT_FOUND', values: { what } });
    assert.doesNotMatch(message, /\p{Cc}/u);
    assert.ok(message.length < 2100);
    const cut = fromProblem({ code: 'NOT_FOUND', values: { what: `${'x'.repeat(1999)}💥` } });
    assert.ok(cut.message.isWellFormed());
  });
});
