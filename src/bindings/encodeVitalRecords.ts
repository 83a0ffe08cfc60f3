import type { Primitives } from '../crypto/Primitives.ts';
import type { Hex } from '../protocol/ids.ts';
import type { Signed } from '../protocol/struct/requests.ts';
import { encodeBatch } from './encodeBatch.ts';
import { vitalRecordsAbi } from './generated/vitalRecordsAbi.ts';
import { hideTerms } from './hideTerms.ts';

/** An undoing as the ledger takes it. */
export interface SignedUndoing extends Signed<'UndoVital'> {
  /** Signature of the party that signs beside the first. */
  readonly second: Hex;
}

/**
 * Calldata for `VitalRecords`. Of terms only their struct hash goes in.
 *
 * @param primitives - Hashes.
 * @param requests - Any number of one kind; each is taken or refused for itself.
 */
export function encodeVitalRecords(
  primitives: Primitives,
  requests:
    | readonly Signed<'Birth'>[]
    | readonly Signed<'Death'>[]
    | readonly Signed<'ConfirmVital'>[]
    | readonly SignedUndoing[]
    | readonly Signed<'ObjectToVital'>[]
    | readonly Signed<'Will'>[],
): Hex {
  const of = requests[0]?.type ?? 'Birth';
  const rows = requests.map((request) => {
    const { message, signature } = request;
    switch (request.type) {
      case 'ConfirmVital':
      case 'ObjectToVital':
        return [message, signature];
      case 'UndoVital': {
        const hidden = hideTerms(primitives, 'UndoVital', request.message);
        return [hidden, [signature, request.second]];
      }
      case 'Birth':
        return [hideTerms(primitives, 'Birth', request.message), signature];
      case 'Death':
        return [hideTerms(primitives, 'Death', request.message), signature];
      case 'Will':
        return [hideTerms(primitives, 'Will', request.message), signature];
    }
  });
  return encodeBatch(vitalRecordsAbi, FUNCTIONS[of], rows as never);
}

const FUNCTIONS = {
  Birth: 'reportBirths',
  Death: 'reportDeaths',
  ConfirmVital: 'confirm',
  UndoVital: 'undo',
  ObjectToVital: 'object',
  Will: 'setWill',
} as const;
