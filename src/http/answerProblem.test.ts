import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../errors/MedsealError.ts';
import { answerProblem } from './answerProblem.ts';

describe('an answer that refuses', () => {
  it('names the scheme of the signature that it misses, and no scheme otherwise', () => {
    const schemeOf = (error: MedsealError): string | null =>
      answerProblem(error).headers.get('www-authenticate');
    assert.equal(schemeOf(new MedsealError('SIGNATURE_INVALID', {})), 'Medseal');
    assert.equal(schemeOf(new MedsealError('PEER_UNAUTHENTIC', {})), 'Peer');
    assert.equal(schemeOf(new MedsealError('RIGHT_MISSING', {})), null);
  });
});
