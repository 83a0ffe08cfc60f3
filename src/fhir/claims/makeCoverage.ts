import type {
  Coverage,
  CoverageEligibilityRequest,
  CoverageEligibilityResponse,
} from '@medplum/fhirtypes';
import type { Address, Handle, RecordId } from '../../protocol/ids.ts';
import { MEDSEAL_SYSTEMS } from '../medsealSystems.ts';

/** A policy to be written. */
export interface CoverageToWrite {
  readonly handle: Handle;
  readonly insurer: Address;
  /** Number of the insured. */
  readonly subscriberId: string;
  /** First second of cover. */
  readonly from: number;
  /** First second without it. */
  readonly until: number;
}

/**
 * A FHIR R4 Coverage.
 *
 * @param policy - Patient, insurer, number and time.
 */
export function makeCoverage(policy: CoverageToWrite): Coverage {
  const { handle, insurer, subscriberId, from, until } = policy;
  return {
    resourceType: 'Coverage',
    status: 'active',
    subscriberId,
    beneficiary: { identifier: { system: MEDSEAL_SYSTEMS.handle, value: handle } },
    // FHIR's period includes its end.
    period: { start: moment(from), end: moment(until - 1) },
    payor: [{ identifier: { system: MEDSEAL_SYSTEMS.party, value: insurer } }],
  };
}

/** A question whether a patient is insured. */
export interface EligibilityToAsk {
  readonly handle: Handle;
  readonly insurer: Address;
  readonly asker: Address;
  /** Record that holds the `Coverage`. */
  readonly coverage: RecordId;
  /** When it was asked, Unix seconds. */
  readonly at: number;
}

/**
 * A FHIR R4 CoverageEligibilityRequest.
 *
 * @param question - Patient, policy, and who asks whom.
 */
export function makeEligibilityRequest(question: EligibilityToAsk): CoverageEligibilityRequest {
  const { handle, insurer, asker, coverage, at } = question;
  return {
    resourceType: 'CoverageEligibilityRequest',
    status: 'active',
    purpose: ['validation'],
    patient: { identifier: { system: MEDSEAL_SYSTEMS.handle, value: handle } },
    created: moment(at),
    provider: { identifier: { system: MEDSEAL_SYSTEMS.party, value: asker } },
    insurer: { identifier: { system: MEDSEAL_SYSTEMS.party, value: insurer } },
    insurance: [{ coverage: { identifier: { system: MEDSEAL_SYSTEMS.record, value: coverage } } }],
  };
}

/**
 * The FHIR R4 CoverageEligibilityResponse to it.
 *
 * @param request - The question.
 * @param inForce - True if the policy is in force.
 * @param at - When it was answered, Unix seconds.
 */
export function makeEligibilityResponse(
  request: CoverageEligibilityRequest,
  inForce: boolean,
  at: number,
): CoverageEligibilityResponse {
  const { purpose, patient, insurer, provider, insurance = [] } = request;
  return {
    resourceType: 'CoverageEligibilityResponse',
    status: 'active',
    purpose,
    patient,
    created: moment(at),
    ...(provider && { requestor: provider }),
    // The question has no name of its own: the answer names when it was asked.
    request: { display: `asked at ${request.created}` },
    outcome: 'complete',
    insurer,
    insurance: insurance.map(({ coverage }) => ({ coverage, inforce: inForce })),
  };
}

function moment(at: number): string {
  return new Date(at * 1000).toISOString();
}
