import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import type { ClaimEvidence } from '../../letters/ClaimTold.ts';
import { evidencePieces, joinedEvidence } from './evidencePieces.ts';

/** Evidence whose bill has so many characters. */
function withBill(length: number): ClaimEvidence {
  return { claim: {}, bill: { note: 'x'.repeat(length) }, entries: [] } as unknown as ClaimEvidence;
}

describe('evidence of a dispute that is larger than a letter', () => {
  const evidence = withBill(100_000);
  const pieces = evidencePieces(evidence);

  it('is whole again from its pieces, in any order', () => {
    assert.equal(pieces.length, 4);
    assert.deepEqual(joinedEvidence(pieces.toReversed()), evidence);
    assert.deepEqual(joinedEvidence(evidencePieces(withBill(1))), withBill(1));
  });

  it('cannot be used while a piece is missing, there twice, or of another number', () => {
    const [first, second] = pieces;
    assert.ok(first && second);
    for (const given of [[], pieces.slice(1), [first, ...pieces], [{ ...first, of: 1 }, second]]) {
      assert.equal(joinedEvidence(given), undefined);
    }
  });

  it('is refused before a dispute is raised if it does not fit in sixteen letters', () => {
    assert.throws(() => evidencePieces(withBill(500_000)), failsWith('REQUEST_TOO_LARGE'));
  });
});
