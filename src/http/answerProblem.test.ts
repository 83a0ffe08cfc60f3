import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../errors/MedsealError.ts';
import { answerProblem } from './answerProblem.ts';

/** The scheme that the answer to an error asks for. */
function schemeOf(error: MedsealError): string | null {
  return answerProblem(error).headers.get('www-authenticate');
}

describe('an answer that refuses', () => {
  it('names the scheme of the signature that it misses, and no scheme otherwise', () => {
    assert.equal(schemeOf(new MedsealError('SIGNATURE_INVALID', {})), 'Medseal');
    assert.equal(schemeOf(new MedsealError('PEER_UNAUTHENTIC', {})), 'Peer');
    assert.equal(schemeOf(new MedsealError('RIGHT_MISSING', {})), null);
  });
});
