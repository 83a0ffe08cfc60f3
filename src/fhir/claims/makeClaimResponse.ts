import type { Claim, ClaimResponse, ExplanationOfBenefit } from '@medplum/fhirtypes';
import type { ClaimReason } from '../../protocol/claimReasons.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { MEDSEAL_SYSTEMS } from '../medsealSystems.ts';
import { moneyOf, unitsOf } from './money.ts';

/** A decision to be written. */
export interface DecisionToWrite {
  /** The claim, as `makeClaim` writes it. */
  readonly claim: Claim;
  /** Its digest on the ledger. */
  readonly digest: Bytes32;
  readonly outcome: 'approve' | 'deny' | 'ask';
  readonly reason: ClaimReason;
  /** The amount that is paid, or authorised in advance, in hundredths; 0 if nothing is. */
  readonly units: number;
  /** ISO 4217 code of the claim's currency. */
  readonly currency: string;
  /** Words for the claimant. */
  readonly words?: string;
  /** When it was written, Unix seconds. */
  readonly at: number;
}

const HL7 = 'http://terminology.hl7.org/CodeSystem';

/**
 * A FHIR R4 ClaimResponse: what is paid, or the code of the reason why not, or what else is needed.
 *
 * @param decision - The claim, and what the insurer decided.
 * @throws MedsealError `ARGUMENT_INVALID`, `FHIR_INVALID` for an amount that cannot be.
 */
export function makeClaimResponse(decision: DecisionToWrite): ClaimResponse {
  const { claim, digest, outcome, reason, words } = decision;
  const { insurer, type, use, patient, provider } = claim;
  const { created, total, payment } = sumsOf(decision);
  return {
    resourceType: 'ClaimResponse',
    status: 'active',
    type,
    use,
    patient,
    created,
    insurer: insurer ?? {},
    requestor: provider,
    request: { identifier: { system: MEDSEAL_SYSTEMS.claim, value: digest } },
    outcome: outcome === 'ask' ? 'queued' : 'complete',
    disposition: reason,
    total,
    ...(payment && use === 'claim' && { payment }),
    ...(payment && use === 'preauthorization' && { preAuthRef: digest }),
    ...(words !== undefined && { processNote: [{ number: 1, type: 'display', text: words }] }),
  };
}

/**
 * A FHIR R4 ExplanationOfBenefit of the same decision, for the patient's chart: what was asked for, what is paid, and
 * what is left for the patient or another insurer.
 *
 * @param decision - The claim, and what the insurer decided.
 * @throws MedsealError `ARGUMENT_INVALID`, `FHIR_INVALID` for an amount that cannot be.
 */
export function makeExplanationOfBenefit(decision: DecisionToWrite): ExplanationOfBenefit {
  const { claim, digest, outcome, reason } = decision;
  const { insurer, type, use, patient, provider, insurance } = claim;
  const { created, total, payment } = sumsOf(decision);
  return {
    resourceType: 'ExplanationOfBenefit',
    status: 'active',
    type,
    use,
    patient,
    created,
    insurer: insurer ?? {},
    provider,
    claim: { identifier: { system: MEDSEAL_SYSTEMS.claim, value: digest } },
    outcome: outcome === 'ask' ? 'queued' : 'complete',
    disposition: reason,
    insurance: insurance.map(({ focal, coverage }) => ({ focal, coverage })),
    total,
    ...(payment && { payment }),
  };
}

/** One amount of a decision, with its kind. */
interface Sum {
  readonly category: { readonly coding: { readonly system: string; readonly code: string }[] };
  readonly amount: ReturnType<typeof moneyOf>;
}

function sumsOf({ claim, outcome, units, currency, at }: DecisionToWrite): {
  readonly created: string;
  readonly total: Sum[];
  readonly payment?: Pick<Sum, 'amount'> & { readonly type: Sum['category'] };
} {
  const asked = unitsOf(claim.total, currency);
  const left = moneyOf(asked - units, currency);
  const [system, amount] = [`${HL7}/adjudication`, moneyOf(units, currency)];
  const kind = units === asked ? 'complete' : 'partial';
  return {
    created: new Date(at * 1000).toISOString(),
    total: [
      { category: { coding: [{ system, code: 'submitted' }] }, amount: moneyOf(asked, currency) },
      { category: { coding: [{ system, code: 'benefit' }] }, amount },
      { category: { coding: [{ system, code: 'copay' }] }, amount: left },
    ],
    ...(outcome === 'approve' && {
      payment: {
        type: { coding: [{ system: `${HL7}/ex-paymenttype`, code: kind }] },
        amount,
      },
    }),
  };
}
