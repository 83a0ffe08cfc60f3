import assert from 'node:assert/strict';
import { it } from 'node:test';
import { toFunctionSelector } from 'viem';
import { encodeRequests } from '../../bindings/encodeRequests.ts';
import { claimsAbi } from '../../bindings/generated/claimsAbi.ts';
import { prescriptionsAbi } from '../../bindings/generated/prescriptionsAbi.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { LEDGER_REQUESTS } from '../../protocol/struct/ledgerRequests.ts';
import type { CareType } from '../../protocol/struct/requests.ts';

/**
 * Each request, and where it stands that its party may make it: in rights and entries of a chart (of a dispute and its
 * judgement, whose sides a claim's accounts hide), or in its contract.
 */
const RESTS_ON: Readonly<Record<CareType, 'chart' | 'ledger'>> = {
  Prescription: 'chart',
  Dispense: 'ledger',
  HoldPrescription: 'ledger',
  CancelPrescription: 'ledger',
  PassPrescription: 'ledger',
  InsuranceClaim: 'chart',
  ClaimDecision: 'ledger',
  ClaimSupplement: 'chart',
  WithdrawClaim: 'ledger',
  DisputeClaim: 'chart',
  ClaimJudgement: 'chart',
};

const FUNCTIONS = [...prescriptionsAbi, ...claimsAbi].filter((each) => each.type === 'function');

// @class a request that rests on a chart, which no contract sees | reaches the ledger by one organisation's word
it('every request that rests on a chart, which no contract sees, is taken with the signatures of k coordinators alone', async () => {
  const primitives = await createNativePrimitives();
  for (const [type, restsOn] of Object.entries(RESTS_ON) as [CareType, 'chart' | 'ledger'][]) {
    const selector = encodeRequests(primitives, type, []).slice(0, 10);
    const taking = FUNCTIONS.find((each) => toFunctionSelector(each) === selector);
    assert.ok(taking, type);
    const takesChecks = taking.inputs.some(({ name }) => name === 'checks');
    const isVouchedFor = LEDGER_REQUESTS[type].vouched === true;
    assert.deepEqual([takesChecks, isVouchedFor], Array(2).fill(restsOn === 'chart'), type);
  }
});
