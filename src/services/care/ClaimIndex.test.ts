import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClaimEvents } from '../../bindings/ClaimEvents.ts';
import { ZERO32, ZERO_ADDRESS, type Address } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { RowStore } from '../../database/rows/RowStore.ts';
import { ClaimIndex } from './ClaimIndex.ts';
import { UnitIndex } from './UnitIndex.ts';

const claim = word('claim');
const party = (digits: string): Address => `0x${digits.repeat(20)}`;
const [claimant, insurer, payee, units] = ['01', '02', '03', '05'].map(party) as [
  Address,
  Address,
  Address,
  Address,
];
const signed = { claimant, insurer, payee, amount: 100, total: 100, follows: ZERO32 };
const claimed = {
  ...signed,
  claim,
  treatment: word('treatment'),
  authorisation: ZERO32,
  due: 10,
};
const lotHash = word('lot hash');
const decision = { claim, outcome: 1, amount: 0, lotHash, termsHash: ZERO32, due: 20 };
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
  const index = new ClaimIndex(RowStore.inMemory());
  index.apply(event('Claimed', claimed));
  return index;
}

describe('ClaimIndex', () => {
  it('does not know a claim that the ledger does not have', () => {
    const index = new ClaimIndex(RowStore.inMemory());
    index.apply(event('ClaimWithdrawn', { claim, step: 1 }));
    assert.equal(index.facts(claim), undefined);
    assert.equal(index.newest(claimed.treatment), undefined);
  });

  it('finds the newest claim for a treatment, and none for an authorisation in advance', () => {
    const index = begun();
    assert.equal(index.newest(claimed.treatment), claim);
    const ahead = word('ahead');
    index.apply(event('Claimed', { ...claimed, claim: ahead, treatment: ZERO32 }));
    assert.equal(index.newest(ZERO32), undefined);
    index.apply(
      event('Claimed', { ...claimed, claim: word('c'), follows: claim, authorisation: ahead }),
    );
    assert.equal(index.newest(claimed.treatment), word('c'));
    assert.equal(index.facts(ahead)?.state, 'used');
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

  it('closes a claim whose term lapsed, and counts for the next one what was approved before it', () => {
    const index = begun();
    index.apply(event('ClaimLapsed', { claim, state: 11, due: 50 }));
    assert.partialDeepStrictEqual(index.facts(claim), { state: 'lapsed', before: 0, due: 50 });
    const [second, third] = [word('second'), word('third')];
    index.apply(event('Claimed', { ...claimed, claim: second, follows: claim }));
    const yes = { ...decision, claim: second, amount: 42 };
    index.apply(event('ClaimDecided', { ...yes, step: 1 }));
    index.apply(event('Claimed', { ...claimed, claim: third, follows: second }));
    assert.equal(index.facts(second)?.before, 0);
    assert.partialDeepStrictEqual(index.facts(third), { before: 42, approved: 0 });
    assert.equal(index.facts(second)?.followedBy, third);
  });

  const dispute = { ...told, party: insurer, lot: word('lot of the insurer'), due: 30 };
  const judgement = { ...told, verifier: party('06'), safe: false, drawn: 1, due: 40 };

  function disputed(): ClaimIndex {
    const index = begun();
    index.apply(event('ClaimDecided', { ...decision, step: 1, amount: 60 }));
    index.apply(event('ClaimDisputed', { ...dispute, step: 2 }));
    return index;
  }

  it('follows a dispute to its judgement and its appeal, and knows both lots once they are open', () => {
    const index = disputed();
    const begunBy = { disputant: insurer, round: 1, judged: [], lotHash };
    assert.partialDeepStrictEqual(index.facts(claim), { state: 'disputed', ...begunBy });
    assert.equal(index.lots(claim), undefined);
    index.apply(event('LotOpened', { claim, lot: word('lot of the claimant'), due: 35 }));
    const lots = [word('lot of the claimant'), dispute.lot];
    assert.deepEqual(index.lots(claim), lots);
    assert.partialDeepStrictEqual(index.facts(claim), { state: 'drawn', due: 35, step: 2 });
    index.apply(event('ClaimJudged', { ...judgement, step: 3, state: 7 }));
    const first = { state: 'judged', safe: false, approved: 60, judged: [judgement.verifier] };
    assert.partialDeepStrictEqual(index.facts(claim), first);
    const appeal = { ...dispute, party: claimant, lot: word('lot of the claimant') };
    index.apply(event('ClaimDisputed', { ...appeal, step: 4 }));
    assert.deepEqual(index.lots(claim), lots);
    const again = { state: 'drawn', disputant: claimant, round: 2, judged: [], safe: false };
    assert.partialDeepStrictEqual(index.facts(claim), again);
    index.apply(event('ClaimJudged', { ...judgement, step: 5, safe: true, state: 12 }));
    assert.partialDeepStrictEqual(index.facts(claim), { state: 'paid', safe: false, approved: 60 });
  });

  it('has nothing approved any more once what was held went back, and all of it once it was paid', () => {
    const [reversed, paid] = [disputed(), disputed()];
    reversed.apply(event('ClaimLapsed', { claim, state: 9, due: 50 }));
    assert.partialDeepStrictEqual(reversed.facts(claim), { state: 'reversed', approved: 0 });
    paid.apply(event('ClaimLapsed', { claim, state: 12, due: 50 }));
    assert.partialDeepStrictEqual(paid.facts(claim), { state: 'paid', approved: 60, due: 50 });
  });

  it('leaves a claim approved that was opened again and then denied or withdrawn, with its first lot', () => {
    for (const last of [
      event('ClaimDecided', { ...decision, lotHash: word('another'), step: 4, outcome: 2 }),
      event('ClaimWithdrawn', { claim, step: 4 }),
    ]) {
      const index = disputed();
      index.apply(event('ClaimLapsed', { claim, state: 1, due: 40 }));
      assert.equal(index.facts(claim)?.state, 'open');
      index.apply(last);
      const known = { state: 'approved', approved: 60, lotHash };
      assert.partialDeepStrictEqual(index.facts(claim), known);
    }
  });
});

describe('UnitIndex', () => {
  it('has the balances of what was issued, paid and redeemed', () => {
    const index = new UnitIndex(RowStore.inMemory());
    const organisation = word('organisation');
    index.apply(event('Transfer', { from: ZERO_ADDRESS, to: insurer, value: 100 }));
    index.apply(event('Issued', { organisation, account: insurer, amount: 100, number: 1 }));
    index.apply(event('Transfer', { from: insurer, to: payee, value: 60 }));
    index.apply(event('Transfer', { from: payee, to: ZERO_ADDRESS, value: 50 }));
    index.apply(event('Redeemed', { organisation, holder: payee, amount: 50, number: 1 }));
    assert.equal(index.account(insurer).balance, 40);
    assert.deepEqual(index.account(payee), { balance: 10, number: 1 });
    assert.deepEqual(index.issuer(organisation), { outstanding: 50, number: 1 });
  });
});
