import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClaimEvents } from '../../bindings/ClaimEvents.ts';
import { ZERO32, ZERO_ADDRESS, type Address } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { ClaimIndex, disputeKey, refundKey } from './ClaimIndex.ts';
import { UnitIndex } from './UnitIndex.ts';

const claim = word('claim');
const party = (digits: string): Address => `0x${digits.repeat(20)}`;
const [claimant, insurer, payee, other, units] = ['01', '02', '03', '04', '05'].map(party) as [
  Address,
  Address,
  Address,
  Address,
  Address,
];
const signed = { claimant, insurer, payee, other, amount: 100, follows: ZERO32 };
const claimed = {
  ...signed,
  claim,
  treatment: word('treatment'),
  authorisation: ZERO32,
  due: 10,
};
const decision = { claim, outcome: 1, amount: 0, otherAmount: 0, termsHash: ZERO32, due: 20 };
const told = { claim, termsHash: ZERO32 };

let block = 0;
type Event = Parameters<ClaimIndex['apply']>[0] | Parameters<UnitIndex['apply']>[0];
function event<Kind extends Event['kind']>(
  kind: Kind,
  fields: ClaimEvents[Kind],
): Extract<Event, { kind: Kind }> {
  block += 1;
  const place = { contract: units, block, transaction: word(String(block)), logIndex: 0 };
  return { kind, ...place, ...fields } as unknown as Extract<Event, { kind: Kind }>;
}

function begun(): ClaimIndex {
  const index = new ClaimIndex();
  index.apply(event('Claimed', claimed));
  return index;
}

describe('ClaimIndex', () => {
  it('does not know a claim that the ledger does not have', () => {
    const index = new ClaimIndex();
    index.apply(event('ClaimWithdrawn', { claim, step: 1 }));
    assert.equal(index.facts(claim), undefined);
    assert.equal(index.newest(claimed.treatment), undefined);
  });

  it('finds the newest claim for a treatment, and none for an authorisation in advance', () => {
    const index = begun();
    assert.equal(index.newest(claimed.treatment), claim);
    assert.ok(index.made(claim));
    const ahead = word('ahead');
    index.apply(event('Claimed', { ...claimed, claim: ahead, treatment: ZERO32 }));
    assert.equal(index.newest(ZERO32), undefined);
    index.apply(
      event('Claimed', { ...claimed, claim: word('c'), follows: claim, authorisation: ahead }),
    );
    assert.equal(index.newest(claimed.treatment), word('c'));
    assert.equal(index.facts(ahead)?.state, 'used');
  });

  it('adds up what is paid, and takes refunds off it', () => {
    const index = begun();
    index.apply(event('ClaimDecided', { ...decision, step: 1, amount: 60, otherAmount: 30 }));
    assert.partialDeepStrictEqual(index.facts(claim), {
      state: 'approved',
      paid: 60,
      otherPaid: 30,
      due: 20,
    });
    index.apply(event('ClaimRefunded', { claim, step: 2, payee, amount: 10 }));
    index.apply(event('ClaimRefunded', { claim, step: 3, payee: other, amount: 5 }));
    assert.partialDeepStrictEqual(index.facts(claim), { step: 3, paid: 50, otherPaid: 25 });
    const refund = { kind: 'ClaimRefunded', claim, step: 2 } as const;
    assert.ok(index.taken({ ...refund, what: refundKey({ payee, amount: 10 }) }));
    assert.equal(index.taken({ ...refund, what: refundKey({ payee, amount: 11 }) }), undefined);
    assert.equal(index.taken({ kind: 'ClaimWithdrawn', claim, step: 2 }), undefined);
  });

  it('tells a denial from a question, and an answer opens the claim again', () => {
    const [denied, asked] = [begun(), begun()];
    denied.apply(event('ClaimDecided', { ...decision, step: 1, outcome: 2 }));
    assert.equal(denied.facts(claim)?.state, 'denied');
    asked.apply(event('ClaimDecided', { ...decision, step: 1, outcome: 3 }));
    assert.equal(asked.facts(claim)?.state, 'asked');
    asked.apply(event('ClaimSupplemented', { ...told, step: 2, due: 30 }));
    assert.partialDeepStrictEqual(asked.facts(claim), { state: 'open', due: 30 });
    asked.apply(event('ClaimWithdrawn', { claim, step: 3 }));
    assert.equal(asked.facts(claim)?.state, 'withdrawn');
  });

  it('closes a claim whose term lapsed, and counts for the next one what was paid before it', () => {
    const index = begun();
    index.apply(event('ClaimLapsed', { claim, state: 9, due: 50 }));
    assert.partialDeepStrictEqual(index.facts(claim), { state: 'lapsed', before: 0, due: 50 });
    const [second, third] = [word('second'), word('third')];
    index.apply(event('Claimed', { ...claimed, claim: second, follows: claim }));
    const paid = { ...decision, claim: second, amount: 40, otherAmount: 2 };
    index.apply(event('ClaimDecided', { ...paid, step: 1 }));
    index.apply(event('Claimed', { ...claimed, claim: third, follows: second }));
    assert.equal(index.facts(second)?.before, 0);
    assert.partialDeepStrictEqual(index.facts(third), { before: 42, paid: 0 });
  });

  it('finds a dispute by its side and terms, whatever number the ledger gave it', () => {
    const index = begun();
    const dispute = { ...told, party: insurer, verifier: party('06'), due: 30 };
    index.apply(event('ClaimDisputed', { ...dispute, step: 4 }));
    const what = disputeKey({ party: insurer, termsHash: dispute.termsHash });
    const step = { kind: 'ClaimDisputed', claim, step: 2 } as const;
    assert.notEqual(index.taken({ ...step, what }), undefined);
    const ofOther = disputeKey({ party: claimant, termsHash: dispute.termsHash });
    assert.equal(index.taken({ ...step, what: ofOther }), undefined);
  });

  it('follows a dispute to its judgement, or to the end of its term', () => {
    const [judged, lapsed] = [begun(), begun()];
    for (const index of [judged, lapsed]) {
      index.apply(event('ClaimDecided', { ...decision, step: 1, amount: 60 }));
      const dispute = { ...told, party: insurer, verifier: party('06'), due: 30 };
      index.apply(event('ClaimDisputed', { ...dispute, step: 2 }));
      assert.partialDeepStrictEqual(index.facts(claim), {
        state: 'disputed',
        former: 'approved',
        disputant: insurer,
        verifier: party('06'),
        disputed: [insurer],
      });
    }
    const judgement = { ...told, verifier: party('06'), safe: false, state: 7, due: 40 };
    judged.apply(event('ClaimJudged', { ...judgement, step: 3, paid: 20, otherPaid: 0 }));
    assert.partialDeepStrictEqual(judged.facts(claim), { state: 'reversed', paid: 20 });
    judged.apply(event('ClaimCollected', { claim, amount: 20, otherAmount: 0 }));
    assert.equal(judged.facts(claim)?.paid, 0);
    assert.equal(judged.facts(claim)?.disputant, undefined);
    assert.equal(judged.facts(claim)?.verifier, undefined);
    lapsed.apply(event('ClaimLapsed', { claim, state: 3, due: 50 }));
    assert.partialDeepStrictEqual(lapsed.facts(claim), { state: 'approved', step: 2, due: 50 });
  });

  it('leaves a claim approved that was opened again after a payment and then denied or withdrawn', () => {
    for (const last of [
      event('ClaimDecided', { ...decision, step: 4, outcome: 2 }),
      event('ClaimWithdrawn', { claim, step: 4 }),
    ]) {
      const index = begun();
      index.apply(event('ClaimDecided', { ...decision, step: 1, amount: 60 }));
      const dispute = { ...told, party: claimant, verifier: party('06'), due: 30 };
      index.apply(event('ClaimDisputed', { ...dispute, step: 2 }));
      const judgement = { ...told, verifier: party('06'), safe: true, state: 1, due: 40 };
      index.apply(event('ClaimJudged', { ...judgement, step: 3, paid: 60, otherPaid: 0 }));
      assert.equal(index.facts(claim)?.state, 'open');
      index.apply(last);
      assert.partialDeepStrictEqual(index.facts(claim), { state: 'approved', paid: 60 });
    }
  });
});

describe('UnitIndex', () => {
  it('has the balances of what was issued, paid and redeemed', () => {
    const index = new UnitIndex();
    const organisation = word('organisation');
    index.apply(event('Transfer', { from: ZERO_ADDRESS, to: insurer, value: 100 }));
    index.apply(event('Issued', { organisation, account: insurer, amount: 100, number: 1 }));
    index.apply(event('Transfer', { from: insurer, to: payee, value: 60 }));
    index.apply(event('Transfer', { from: payee, to: ZERO_ADDRESS, value: 50 }));
    index.apply(event('Redeemed', { organisation, holder: payee, amount: 50, number: 1 }));
    index.apply(event('DebtChanged', { account: payee, debt: 7 }));
    assert.equal(index.account(insurer).balance, 40);
    assert.deepEqual(index.account(payee), { balance: 10, position: 0, debt: 7, number: 1 });
    assert.deepEqual(index.issuer(organisation), { outstanding: 50, number: 1 });
  });

  it('moves positions by payments of a period, and by clearing', () => {
    const index = new UnitIndex();
    index.apply(event('Transfer', { from: ZERO_ADDRESS, to: insurer, value: 100 }));
    index.apply(event('Accrued', { from: insurer, to: payee, amount: 60 }));
    assert.partialDeepStrictEqual(index.account(insurer), { balance: 100, position: -60 });
    index.apply(event('Transfer', { from: insurer, to: units, value: 60 }));
    assert.partialDeepStrictEqual(index.account(insurer), { balance: 40, position: 0 });
    index.apply(event('Transfer', { from: units, to: payee, value: 25 }));
    assert.partialDeepStrictEqual(index.account(payee), { balance: 25, position: 35 });
  });
});
