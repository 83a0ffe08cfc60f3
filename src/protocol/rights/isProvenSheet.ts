import { hexToBytes } from '../../crypto/bytes.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { OneCommitment } from './commitmentFor.ts';
import type { ProvenSheet } from './epochs.ts';
import { succeeds } from '../wire/succeeds.ts';
import { sheetLeaf } from './sheetsRoot.ts';

/**
 * Tells whether a sheet is the one of an epoch that a patient has committed to.
 *
 * @param primitives - Hashes.
 * @param committed - The commitment as the ledger has it.
 * @param epoch - The epoch.
 * @param served - Not trusted.
 */
export function isProvenSheet(
  primitives: Pick<Primitives, 'sha256'>,
  { handle, first, count, root }: OneCommitment,
  epoch: number,
  served: ProvenSheet,
): boolean {
  return succeeds(() => {
    const { sheet, proof } = served;
    const included = verifyInclusion(primitives, {
      index: epoch - first,
      size: count,
      leaf: sheetLeaf(primitives, sheet),
      proof: proof.map(hexToBytes),
      root: hexToBytes(root),
    });
    return included && sheet.handle === handle && sheet.epoch === epoch;
  });
}
