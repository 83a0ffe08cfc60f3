import {
  certifyErasure,
  erasedCategories,
  erasureToCertify,
  examineAudit,
  recallSealed,
  rememberSealed,
  type Audit,
  type CertifiedErasure,
} from '../../../src/client/index.ts';
import {
  ERASURE,
  type ErasureCertificate,
} from '../../../src/protocol/evidence/ErasureCertificate.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';
import { isOfShape } from '../../../src/protocol/wire/isOfShape.ts';
import type { Session } from './Session.ts';

/**
 * Asks every organisation about all that the patient erased: one audit, and a certificate for each category. The last certificates stay on
 * the device, sealed: the first date of an organisation stays so, and what it does later is held against it.
 *
 * @param session - The patient.
 * @throws MedsealError as `certifyErasure`.
 */
export async function certifyErasures({
  party,
}: Pick<Session, 'party'>): Promise<readonly CertifiedErasure[]> {
  const audit = await examineAudit(party);
  const made: CertifiedErasure[] = [];
  for (const category of erasedCategories(audit)) {
    const begun = await begunHere(party, audit, category);
    const certified = await certifyErasure(party, category, { audit, ...(begun && { begun }) });
    // A device without space shows it all the same.
    await rememberSealed(party, nameOf(category), certified.certificate).catch(() => undefined);
    made.push(certified);
  }
  return made;
}

/** The last certificate of the erasure that counts now; undefined if the device has none. */
async function begunHere(
  party: Session['party'],
  audit: Audit,
  category: Category,
): Promise<ErasureCertificate | undefined> {
  const kept = await recallSealed(party, nameOf(category));
  if (!isOfShape(ERASURE, kept)) return undefined;
  const { entry } = kept.receipt.acknowledgement;
  return erasureToCertify(audit, category)?.entry === entry ? kept : undefined;
}

function nameOf(category: Category): string {
  return `certified/${category}`;
}
