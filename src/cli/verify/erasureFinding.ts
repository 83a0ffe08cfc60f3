import { isAhead, type ProvenErasure } from '../../protocol/evidence/verifyErasure.ts';
import { describeMoment } from '../describeBody.ts';
import { describeBroken, describeDestroyed } from '../record/describeDestroyed.ts';
import type { Finding } from './Finding.ts';

/** Findings of a certificate of erasure. */
export interface ErasureFindings {
  readonly finding: Finding;
  /** Things that nothing in the file shows. */
  readonly unchecked: readonly string[];
  /** Things that it should show, and does not: organisations without a statement that counts, and dates that have not come. */
  readonly unanswered: readonly string[];
}

/**
 * Describes a certificate of erasure that is valid; without any statement that counts it certifies nothing.
 *
 * @param file - Its file.
 * @param proven - Its erasure, versions and statements.
 * @param now - Unix seconds.
 */
export function erasureFinding(
  file: string,
  { erase, body, versions, destroyed, broken, silent }: ProvenErasure,
  now: number,
): ErasureFindings {
  const count = `${versions.length} record versions up to epoch ${erase.epoch}`;
  const of = `${erase.category}, ${count}, of chart ${erase.handle}; entered on ${describeMoment(body.at)}`;
  const safe = destroyed.length > 0;
  const ahead = destroyed.filter((each) => isAhead(each, now));
  const finding: Finding = {
    what: file,
    safe,
    detail: safe ? `erased: ${of}` : `no organisation states that it destroyed it: ${of}`,
    notes: [
      ...destroyed.flatMap(describeDestroyed),
      ...broken.map(describeBroken),
      ...silent.map((organisation) => `${organisation}: not stated`),
    ],
  };
  const unchecked = [
    `${file}: that nothing is left, which no evidence can show: each organisation signs its own word`,
    `${file}: copies that readers, former holders of the keys and exports have`,
  ];
  const unanswered = [
    ...silent.map((organisation) => `${file}: that ${organisation} destroyed it: not stated`),
    ...ahead.map(({ organisation, stated }) => {
      const dated = `signed for ${describeMoment(stated)}, later than the clock of this device`;
      return `${file}: that ${organisation} destroyed it: ${dated}`;
    }),
  ];
  return { finding, unchecked, unanswered };
}
