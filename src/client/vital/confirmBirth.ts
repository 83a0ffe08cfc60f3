import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32, type Handle } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/requests.ts';
import { digestOf } from '../../protocol/signing.ts';
import { verifyOwn } from '../../protocol/verifyOwn.ts';
import type { Birth } from '../../protocol/vitalRecords.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { readLife } from './readLife.ts';

/** A birth as it was shown. */
export interface BirthOpened {
  readonly birth: Birth;
  /** The mother's permission, of a birth that names her. */
  readonly link?: Signed<'BirthLink'>;
}

/**
 * Confirms that a birth which was shown is the one that the ledger has, and that the mother whom it names permitted that.
 * The ledger alone tells nobody's mother, and a registrar's word alone convinces nobody.
 *
 * @param party - Any party.
 * @param opened - The birth and the permission, not trusted.
 * @returns The mother; undefined if the birth names none, or her permission was not shown.
 * @throws MedsealError `EVIDENCE_INVALID` if it is another birth, or not her permission; `SIGNATURE_INVALID`, `NOT_FOUND`,
 * `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const content = `0x${'5a'.repeat(32)}` as const;
 * const wanted = { child: handle, registrar: registrar.address, within: 86_400 };
 * const link = await permitBirthLink(patient, wanted);
 * const { birth } = await registerBirth(registrar, { handle, content, link });
 * const mother = await confirmBirth(doctor, { birth, link });
 * console.log(`the mother is ${mother}`);
 * ```
 */
export async function confirmBirth(
  party: Party,
  { birth, link }: BirthOpened,
): Promise<Handle | undefined> {
  const life = await readLife(party, birth.handle);
  if (life.birth !== digestOf(party, 'Birth', birth)) throw invalid('it is another birth');
  if (link === undefined || birth.terms.link === ZERO32) {
    if (link !== undefined) throw invalid('the birth names no mother');
    return undefined;
  }
  const { handle, child, registrar } = link.message;
  const isForIt = child === birth.handle && registrar === birth.registrar;
  if (!isForIt || verifyOwn(party, link) !== birth.terms.link)
    throw invalid('the permission is for another birth');
  const { patient } = await confirmFacts(party, { handle });
  if (patient?.controller !== link.party) throw invalid('the permission is not the mother’s');
  return handle;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
