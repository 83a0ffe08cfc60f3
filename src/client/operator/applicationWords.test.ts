import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import type { PartyApplication } from '../../protocol/operator/PartyApplication.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { applicationWords } from './applicationWords.ts';
import { ownApplicationWords } from './ownApplicationWords.ts';

const application: PartyApplication = {
  party: signatory('doctor').address,
  role: 'doctor',
  organisation: 'hospital',
  recipient: word('recipient'),
};

function wordsOf(change: Partial<PartyApplication> = {}): string {
  return applicationWords(portablePrimitives, { ...application, ...change }).join(' ');
}

describe('the words of an application', () => {
  it('are twelve, and the same for the applicant and the operator', () => {
    assert.equal(wordsOf().split(' ').length, 12);
    const recipient = 'age1pq1example';
    const own = ownApplicationWords(
      { primitives: portablePrimitives, address: application.party, recipient },
      application,
    );
    const hash = recipientHash(portablePrimitives, recipient);
    assert.equal(own.join(' '), wordsOf({ recipient: hash }));
  });

  it('are others with another key, recipient, role or organisation, so that no node can exchange one', () => {
    const others = [
      wordsOf({ party: signatory('another').address }),
      wordsOf({ recipient: word('another') }),
      wordsOf({ role: 'nurse' }),
      wordsOf({ organisation: 'laboratory' }),
    ];
    assert.equal(new Set([wordsOf(), ...others]).size, 5);
  });
});
