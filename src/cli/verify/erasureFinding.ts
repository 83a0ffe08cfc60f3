import type { ProvenErasure } from '../../protocol/evidence/verifyErasure.ts';
import { describeMoment } from '../describeBody.ts';
import { describeDestroyed } from '../record/describeDestroyed.ts';
import type { Finding } from './Finding.ts';

/**
 * Describes a certificate of erasure that is valid.
 *
 * @param file - Its file.
 * @param proven - Its erasure, versions and statements.
 * @returns The finding, and what nothing in the file tells.
 */
export function erasureFinding(
  file: string,
  { erase, body, versions, destroyed, silent }: ProvenErasure,
): { readonly finding: Finding; readonly unchecked: readonly string[] } {
  const count = `${versions.length} record versions up to epoch ${erase.epoch}`;
  const finding: Finding = {
    what: file,
    safe: true,
    detail: `erased: ${erase.category}, ${count}, of chart ${erase.handle}; entered on ${describeMoment(body.at)}`,
    notes: [
      ...destroyed.flatMap(describeDestroyed),
      ...silent.map((organisation) => `${organisation}: not stated`),
    ],
  };
  const unchecked = [
    `${file}: that nothing is left, which no evidence can show: each organisation signs its own word`,
    `${file}: copies that readers, former holders of the keys and exports have`,
  ];
  return { finding, unchecked };
}
