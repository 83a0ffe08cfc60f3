import type { Claim, ClaimResponse, ExplanationOfBenefit } from '@medplum/fhirtypes';
import type { ClaimReason } from '../../protocol/care/claimReasons.ts';
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
  /** The amount that earlier payers paid for the same treatment, in hundredths; 0 if absent. */
  readonly before?: number;
  /** Digest of the authorisation in advance that the claim uses up. */
  readonly authorisation?: Bytes32;
  /** ISO 4217 code of the claim's currency. */
  readonly currency: string;
  /** Words for the claimant. */
  readonly words?: string;
  /** When it was written, Unix seconds. */
  readonly at: number;
}

const HL7 = 'http://terminology.hl7.org/CodeSystem';
const CODES = {
  submitted: `${HL7}/adjudication`,
  benefit: `${HL7}/adjudication`,
  noncovered: 'http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication',
  priorpayerpaid: 'http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication',
  memberliability: 'http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication',
} as const;

/**
 * Kind of the amount that an insurer leaves, by the reason that it gives. It is the patient's liability only if the insurer
 * says so: another insurer may pay what this one does not cover, and a bill may be wrong.
 */
const LEFT: Readonly<
  Record<ClaimReason, 'noncovered' | 'priorpayerpaid' | 'memberliability' | undefined>
> = {
  covered: 'noncovered',
  'partly-covered': 'noncovered',
  'not-covered': 'noncovered',
  'benefit-exhausted': 'noncovered',
  'not-insured': 'noncovered',
  'not-necessary': 'noncovered',
  'not-as-billed': 'noncovered',
  'paid-elsewhere': 'priorpayerpaid',
  'patient-share': 'memberliability',
  'more-needed': undefined,
};

/**
 * A FHIR R4 ClaimResponse: what is paid, or the code of the reason why not, or what else is needed.
 *
 * @param decision - The claim, and what the insurer decided.
 * @throws MedsealError `ARGUMENT_INVALID`, `FHIR_INVALID` for an amount that cannot be.
 */
export function makeClaimResponse(decision: DecisionToWrite): ClaimResponse {
  const { claim, digest, outcome, reason, words } = decision;
  const { insurer, type, use, patient, provider } = claim;
  const { created, total, adjudication, payment } = sumsOf(decision);
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
    ...(adjudication && { adjudication }),
    total,
    ...(payment && use === 'claim' && { payment }),
    ...(payment && use === 'preauthorization' && { preAuthRef: digest }),
    ...(words !== undefined && { processNote: [{ number: 1, type: 'display', text: words }] }),
  };
}

/**
 * A FHIR R4 ExplanationOfBenefit of the same decision, for the patient's chart: what was asked for, the benefit that is
 * paid, what earlier payers paid, and what is not covered, or is the patient's own if the reason says that.
 *
 * @param decision - The claim, and what the insurer decided.
 * @throws MedsealError `ARGUMENT_INVALID`, `FHIR_INVALID` for an amount that cannot be.
 */
export function makeExplanationOfBenefit(decision: DecisionToWrite): ExplanationOfBenefit {
  const { claim, digest, outcome, reason } = decision;
  const { insurer, type, use, patient, provider, insurance } = claim;
  const { created, total, adjudication, payment } = sumsOf(decision);
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
    ...(decision.authorisation !== undefined && { preAuthRef: [decision.authorisation] }),
    insurance: insurance.map(({ focal, coverage }) => ({ focal, coverage })),
    ...(adjudication && { adjudication }),
    total,
    ...(payment && { payment }),
  };
}

/** One amount of a decision, with its kind. */
interface Sum {
  readonly category: { readonly coding: { readonly system: string; readonly code: string }[] };
  readonly amount: ReturnType<typeof moneyOf>;
}

/** An amount that is not paid, with the reason. */
type Reduction = Sum & { readonly reason: Sum['category'] };

/** The amounts by their kinds: those asked for and paid before are together those paid now, paid before, and left. */
function sumsOf(decision: DecisionToWrite): {
  readonly created: string;
  readonly total: Sum[];
  readonly adjudication?: Reduction[];
  readonly payment?: Pick<Sum, 'amount'> & { readonly type: Sum['category'] };
} {
  const { claim, outcome, reason, units, before = 0, currency, at } = decision;
  const asked = unitsOf(claim.total, currency);
  const left = asked - units;
  const kind = LEFT[reason];
  const sum = (code: keyof typeof CODES, amount: number): Sum => ({
    category: { coding: [{ system: CODES[code], code }] },
    amount: moneyOf(amount, currency),
  });
  const prior = before + (kind === 'priorpayerpaid' ? left : 0);
  const coded = { coding: [{ system: MEDSEAL_SYSTEMS.claimReason, code: reason }] };
  return {
    created: new Date(at * 1000).toISOString(),
    total: [
      sum('submitted', asked),
      sum('benefit', units),
      ...(prior > 0 ? [sum('priorpayerpaid', prior)] : []),
      ...(left > 0 && kind !== undefined && kind !== 'priorpayerpaid' ? [sum(kind, left)] : []),
    ],
    ...(left > 0 && kind && { adjudication: [{ ...sum(kind, left), reason: coded }] }),
    ...(outcome === 'approve' && {
      payment: {
        type: {
          coding: [{ system: `${HL7}/ex-paymenttype`, code: left === 0 ? 'complete' : 'partial' }],
        },
        amount: moneyOf(units, currency),
      },
    }),
  };
}
