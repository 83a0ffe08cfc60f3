import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RuleEvent } from '../bindings/readEvents.ts';
import { hideTerms } from '../bindings/hideTerms.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import { ZERO32, ZERO_ADDRESS, type Address } from '../protocol/ids.ts';
import type { LedgerType } from '../protocol/struct/ledgerRequests.ts';
import type { Signed } from '../protocol/struct/requests.ts';
import { digestOf } from '../protocol/struct/signing.ts';
import { network, word } from '../protocol/test/sampleNetwork.ts';
import type { LedgerIndex } from './LedgerIndex.ts';
import { RowStore } from '../database/rows/RowStore.ts';
import { LedgerPlaces } from './LedgerPlaces.ts';
import { placeOf } from './placeOf.ts';

type Request = { [Type in LedgerType]: Pick<Signed<Type>, 'type' | 'message'> }[LedgerType];

const [prescription, claim, report, handle] = [word('p'), word('c'), word('r'), word('h')];
const party: Address = `0x${'0a'.repeat(20)}`;
const salt = `0x${'5a'.repeat(16)}` as const;
const deadline = 9;
const context = { domain: domainOf(network), primitives };
const dispense: Extract<Request, { type: 'Dispense' }> = {
  type: 'Dispense',
  message: {
    prescription,
    step: 1,
    amount: 3,
    terms: { pharmacist: party, content: word('x'), salt },
    deadline,
  },
};
const decision: Extract<Request, { type: 'ClaimDecision' }> = {
  type: 'ClaimDecision',
  message: {
    claim,
    step: 1,
    outcome: 1,
    amount: 5,
    until: 0,
    lotHash: ZERO32,
    terms: { reason: 'covered', content: word('x'), salt },
    deadline,
  },
};
const { termsHash } = hideTerms(primitives, 'ClaimDecision', decision.message);
const units = { organisation: word('o'), amount: 4, number: 1, deadline };

/** Requests, the event that each leads to, and what another request of the kind has in place of it. */
const cases: readonly (readonly [Request, object, object])[] = [
  [
    { type: 'CommitEpochs', message: { handle, first: 1, count: 9, root: word('s'), deadline } },
    { kind: 'EpochsCommitted', handle, first: 1, count: 9, root: word('s') },
    { root: word('t') },
  ],
  [
    dispense,
    {
      kind: 'Dispensed',
      prescription,
      step: 1,
      amount: 3,
      dispense: digestOf(context, 'Dispense', dispense.message),
    },
    { step: 2 },
  ],
  [
    { type: 'HoldPrescription', message: { prescription, step: 1, held: true, deadline } },
    { kind: 'PrescriptionHeld', prescription, step: 1, held: true },
    { held: false },
  ],
  [
    {
      type: 'PassPrescription',
      message: { prescription, step: 3, holder: party, slip: party, deadline },
    },
    { kind: 'HolderChanged', prescription, step: 3, holder: party, slip: party },
    { slip: ZERO_ADDRESS },
  ],
  [
    { type: 'CancelPrescription', message: { prescription, deadline } },
    { kind: 'PrescriptionEnded', prescription, replacement: ZERO32 },
    { prescription: word('another') },
  ],
  [
    decision,
    { kind: 'ClaimDecided', ...decision.message, termsHash },
    { terms: { ...decision.message.terms, reason: 'other' } },
  ],
  [
    { type: 'WithdrawClaim', message: { claim, step: 2, deadline } },
    { kind: 'ClaimWithdrawn', claim, step: 2 },
    { step: 3 },
  ],
  [
    {
      type: 'ConfirmVital',
      message: { what: 'death', handle, step: 2, report, confirmer: party, deadline },
    },
    { kind: 'VitalConfirmed', what: 'death', handle, step: 2, report, confirmer: party },
    { what: 'birth' },
  ],
  [
    { type: 'IssueUnits', message: { ...units, account: party } },
    { kind: 'Issued', ...units, account: party },
    { amount: 5 },
  ],
  [
    { type: 'RedeemUnits', message: { ...units, holder: party } },
    { kind: 'Redeemed', ...units, holder: party },
    { number: 2 },
  ],
];

describe('the place of a request on the ledger', () => {
  for (const [request, event, change] of cases) {
    it(`is that of the event that tells of it: ${request.type}`, () => {
      const places = new LedgerPlaces(RowStore.inMemory());
      const index = { places } as unknown as LedgerIndex;
      const find = (asked: Request) => placeOf({ ...context, index }, asked);
      assert.equal(find(request), undefined);
      const place = { transaction: word('transaction'), block: 7 };
      places.apply({ ...event, ...place } as unknown as RuleEvent);
      assert.deepEqual(find(request), place);
      const signedLater = { ...request.message, deadline: deadline + 1 };
      const isByDigest = request.type === 'Dispense';
      const again = find({ ...request, message: signedLater } as Request);
      assert.deepEqual(again, isByDigest ? undefined : place);
      const other = { ...request.message, ...change };
      assert.equal(find({ ...request, message: other } as Request), undefined);
      assert.equal(places.rows, 1);
    });
  }

  it('does not take the end of a prescription that was replaced for its cancellation', () => {
    const places = new LedgerPlaces(RowStore.inMemory());
    const ended = { kind: 'PrescriptionEnded', prescription, replacement: word('new'), block: 7 };
    places.apply(ended as unknown as RuleEvent);
    const index = { places } as unknown as LedgerIndex;
    const cancel = { type: 'CancelPrescription', message: { prescription, deadline } } as const;
    assert.equal(placeOf({ ...context, index }, cancel), undefined);
  });
});
