import type { Primitives } from '../crypto/Primitives.ts';
import type { Hex } from '../protocol/ids.ts';
import type { Signed, CareType } from '../protocol/requests.ts';
import { encodeBatch } from './encodeBatch.ts';
import { encodeDispenses, encodePrescriptions } from './encodePrescriptions.ts';
import { prescriptionsAbi } from './generated/prescriptionsAbi.ts';

/** A request of care as nodes carry it. */
export interface CareRequest {
  readonly request: Signed<CareType>;
  /** Signature of the other key that the contract asks for, over the same digest. */
  readonly cosignature?: Hex;
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
        requests.map(({ request, cosignature }) => {
          const signed = request as Signed<'Prescription'>;
          return { ...signed, ...(cosignature !== undefined && { second: cosignature }) };
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
  }
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
