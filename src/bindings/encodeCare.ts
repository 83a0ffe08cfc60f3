import { malformed } from '../errors/malformed.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { InsuranceClaim } from '../protocol/claims.ts';
import type { Hex } from '../protocol/ids.ts';
import type { CareType, ClaimType, Signed } from '../protocol/requests.ts';
import { encodeBatch } from './encodeBatch.ts';
import {
  encodeClaims,
  encodeClaimSteps,
  encodeSupplements,
  type SignedClaimStep,
} from './encodeClaims.ts';
import { encodeDispenses, encodePrescriptions } from './encodePrescriptions.ts';
import { prescriptionsAbi } from './generated/prescriptionsAbi.ts';

/** A request of care as nodes carry it. */
export interface CareRequest {
  readonly request: Signed<CareType>;
  /** Signature of the other key that the contract asks for, over the same digest. */
  readonly cosignature?: Hex;
  /** The claim, where the request is a step of one. */
  readonly claim?: InsuranceClaim;
  /** Coordinators' signatures over what they state of a request that they vouch for, in ascending order of their addresses. */
  readonly checks?: readonly Hex[];
}

/**
 * Calldata for the contract that takes requests of a kind. A dispense and a change of holder go with the signature of the
 * prescription's own key alone: that of the party would tell every reader of the ledger who dispensed it.
 *
 * @param primitives - Hashes.
 * @param type - The kind.
 * @param requests - Requests of it; each is taken or refused for itself.
 */
export function encodeCare(
  primitives: Primitives,
  type: CareType,
  requests: readonly CareRequest[],
): Hex {
  switch (type) {
    case 'Prescription':
      return encodePrescriptions(
        primitives,
        requests.map(({ request, cosignature, checks = [] }) => {
          const signed = request as Signed<'Prescription'>;
          return { ...signed, checks, ...(cosignature !== undefined && { second: cosignature }) };
        }),
      );
    case 'Dispense':
      return encodeDispenses(primitives, byHolder<'Dispense'>(requests));
    case 'HoldPrescription':
      return encodeBatch(prescriptionsAbi, 'hold', byParty<'HoldPrescription'>(requests));
    case 'CancelPrescription':
      return encodeBatch(prescriptionsAbi, 'cancel', byParty<'CancelPrescription'>(requests));
    case 'PassPrescription':
      return encodeBatch(prescriptionsAbi, 'pass', byHolder<'PassPrescription'>(requests));
    case 'InsuranceClaim':
      return encodeClaims(
        primitives,
        requests.map(({ request, checks = [] }) => {
          return { ...(request as Signed<'InsuranceClaim'>), checks };
        }),
      );
    case 'ClaimSupplement':
      return encodeSupplements(
        primitives,
        requests.map((each) => ({ ...stepOf<'ClaimSupplement'>(each), checks: each.checks ?? [] })),
      );
    case 'ClaimDecision':
      return encodeClaimSteps(primitives, 'decide', requests.map(stepOf<'ClaimDecision'>));
    case 'WithdrawClaim':
      return encodeClaimSteps(primitives, 'withdraw', requests.map(stepOf<'WithdrawClaim'>));
    case 'DisputeClaim':
      return encodeClaimSteps(primitives, 'dispute', requests.map(stepOf<'DisputeClaim'>));
    case 'ClaimJudgement':
      return encodeClaimSteps(primitives, 'judge', requests.map(stepOf<'ClaimJudgement'>));
    case 'ClaimRefund':
      return encodeClaimSteps(
        primitives,
        'refund',
        requests.map((each) => {
          const signed = stepOf<'ClaimRefund'>(each);
          return { ...signed, signature: each.cosignature ?? signed.signature };
        }),
      );
  }
}

function stepOf<Type extends ClaimType>({ request, claim }: CareRequest): SignedClaimStep<Type> {
  if (claim === undefined) throw malformed('claim');
  return { ...(request as Signed<Type>), claim };
}

function byParty<Type extends CareType>(requests: readonly CareRequest[]): readonly Signed<Type>[] {
  return requests.map(({ request }) => request as Signed<Type>);
}

function byHolder<Type extends CareType>(
  requests: readonly CareRequest[],
): readonly Signed<Type>[] {
  return requests.map(({ request, cosignature = '0x' }) => {
    return { ...(request as Signed<Type>), signature: cosignature };
  });
}
