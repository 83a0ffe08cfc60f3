import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import { NOW } from '../../protocol/test/sampleEvidence.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { LEDGER_ROLES } from '../../protocol/vocabulary.ts';
import { draftLeaverSuspensions } from './draftLeaverSuspensions.ts';

const DAY = 24 * 3600;
const leaving = { organisations: ['insurer', 'clinic'], from: NOW + 4 * DAY };

function party(changed: Partial<PartyFacts>): PartyFacts {
  const { address } = signatory('somebody');
  const known = { party: address, role: 'doctor', organisation: 'insurer' } as const;
  return { ...known, recipient: '', suspended: false, standing: 2, ...changed } as PartyFacts;
}

describe('drafts of suspensions for those who attest for organisations that leave', () => {
  it('are made of the two roles that attest, and of no other', () => {
    const drafted = LEDGER_ROLES.filter(
      (role) => draftLeaverSuspensions([party({ role })], leaving, NOW).length > 0,
    );
    assert.deepEqual(drafted.toSorted(), ['doctor', 'registrar']);
  });

  it('are the party’s next change, and can be signed until a week after its organisation left', () => {
    const [drafted] = draftLeaverSuspensions([party({ organisation: 'clinic' })], leaving, NOW);
    const { address } = signatory('somebody');
    const deadline = NOW + 11 * DAY;
    assert.deepEqual(drafted, { party: address, suspended: true, change: 3, deadline });
    const [late] = draftLeaverSuspensions([party({})], { ...leaving, from: NOW - DAY }, NOW);
    assert.equal(late?.deadline, NOW + 7 * DAY);
    const [far] = draftLeaverSuspensions([party({})], { ...leaving, from: NOW + 60 * DAY }, NOW);
    assert.equal(far?.deadline, NOW + 30 * DAY, 'no longer than members sign');
  });

  it('are made of nobody who is suspended, or of an organisation that stays', () => {
    const others = [party({ suspended: true }), party({ organisation: 'hospital' })];
    assert.deepEqual(draftLeaverSuspensions(others, leaving, NOW), []);
  });
});
