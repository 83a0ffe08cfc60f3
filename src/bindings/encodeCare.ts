import { malformed } from '../errors/malformed.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { InsuranceClaim } from '../protocol/care/claims.ts';
import type { Hex } from '../protocol/ids.ts';
import type { CareType, ClaimType, Signed } from '../protocol/struct/requests.ts';
import { encodeBatch } from './encodeBatch.ts';
import { encodeClaims, encodeClaimSteps, type SignedClaimStep } from './encodeClaims.ts';
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
 * Calldata for the contract that takes requests of a kind. A dispense, a change of holder and a claimant's requests go with
 * the signature of a key that was made for them: that of the party would tell every reader of the ledger who it is.
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
        requests.map(({ request, cosignature, checks = [] }) => {
          const signed = request as Signed<'InsuranceClaim'>;
          return { ...signed, signature: cosignature ?? signed.signature, checks };
        }),
      );
    case 'ClaimSupplement':
      return encodeClaimSteps(primitives, 'supplement', requests.map(checked<'ClaimSupplement'>));
    case 'ClaimDecision':
      return encodeClaimSteps(primitives, 'decide', requests.map(stepOf<'ClaimDecision'>));
    case 'WithdrawClaim':
      return encodeClaimSteps(primitives, 'withdraw', requests.map(stepOf<'WithdrawClaim'>));
    case 'DisputeClaim':
      return encodeClaimSteps(primitives, 'dispute', requests.map(checked<'DisputeClaim'>));
    case 'ClaimJudgement':
      return encodeClaimSteps(primitives, 'judge', requests.map(checked<'ClaimJudgement'>));
  }
}

function stepOf<Type extends ClaimType>({
  request,
  cosignature,
  claim,
}: CareRequest): SignedClaimStep<Type> {
  if (claim === undefined) throw malformed('claim');
  const signed = request as Signed<Type>;
  return { ...signed, signature: cosignature ?? signed.signature, claim };
}

function checked<Type extends ClaimType>(each: CareRequest): SignedClaimStep<Type> {
  return { ...stepOf<Type>(each), checks: each.checks ?? [] };
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
