import { MedsealError } from '../../../errors/MedsealError.ts';
import { toMedsealError } from '../../../errors/toMedsealError.ts';
import { ZERO32, type Handle } from '../../../protocol/ids.ts';
import type { Signed } from '../../../protocol/struct/requests.ts';
import { parseSigned } from '../../../protocol/struct/parseSigned.ts';
import { requireBirthLink } from '../../../protocol/care/requireBirthLink.ts';
import { digestOf, signerOf } from '../../../protocol/struct/signing.ts';
import type { Birth, VitalFacts } from '../../../protocol/care/vitalRecords.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import { readLife } from './readLife.ts';

/** A birth as it was shown. */
export interface BirthOpened {
  readonly birth: Birth;
  /** The mother's permission, of a birth that names her. */
  readonly link?: Signed<'BirthLink'>;
}

/** A birth that was shown, as the ledger has it. */
export interface BirthKnown {
  /** State on the ledger: a birth that is only reported is one registrar's word. */
  readonly facts: VitalFacts;
  /** True if the birth names a mother, whether or not her permission was shown. */
  readonly namesMother: boolean;
  /** The mother, if her permission was shown. */
  readonly mother?: Handle;
}

/**
 * Confirms with k coordinators that a birth which was shown is the one that the ledger has, and verifies that the mother
 * whom it names permitted that. The ledger alone does not say who the mother is, and a registrar's word alone convinces
 * nobody.
 *
 * @param party - Any party.
 * @param opened - The birth and the permission, not trusted.
 * @throws MedsealError `EVIDENCE_INVALID` if it is another birth, names no mother, or her permission was not good when the
 * birth was reported; `SIGNATURE_INVALID`, `REQUEST_MALFORMED`, `NOT_FOUND`, `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const content = `0x${'5a'.repeat(32)}` as const;
 * const wanted = { child: handle, registrar: registrar.address, within: 86_400 };
 * const link = await permitBirthLink(patient, wanted);
 * const { birth } = await registerBirth(registrar, { handle, content, link });
 * const { facts, mother } = await readBirth(doctor, { birth, link });
 * console.log(`${facts.stage}; the mother is ${mother}`);
 * ```
 */
export async function readBirth(party: Party, { birth, link }: BirthOpened): Promise<BirthKnown> {
  const { birth: facts } = await readLife(party, birth.handle);
  if (facts.report !== digestOf(party, 'Birth', birth)) throw invalid('it is another birth');
  const namesMother = birth.terms.link !== ZERO32;
  if (link === undefined) return { facts, namesMother };
  if (!namesMother) throw invalid('the birth names no mother');
  const permission = parseSigned(link, ['BirthLink']);
  const { handle } = permission.message;
  // The permission has served since: what counts is whether it was good when the birth was reported.
  const { reportedIn: asOf } = facts;
  const signer = signerOf(party, 'BirthLink', permission.message, permission.signature);
  const then = await confirmFacts(party, { handle, signer, ...(asOf !== undefined && { asOf }) });
  const moment = { controller: then.patient?.controller, signer: then.signer };
  try {
    requireBirthLink(party, birth, permission, moment);
  } catch (error) {
    const { code } = toMedsealError(error);
    throw invalid(`the mother’s permission was not good when the birth was reported: ${code}`);
  }
  return { facts, namesMother, mother: handle };
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
