import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignerFacts } from '../evidence/facts.ts';
import type { Address } from '../ids.ts';
import { keyStanding } from '../rights/keyStanding.ts';
import type { Signed } from '../struct/requests.ts';
import { digestOf, type SigningContext } from '../struct/signing.ts';
import type { Birth } from './vitalRecords.ts';

/** The ledger at the moment of a birth's report, so far as a mother's permission rests on it. */
export interface LinkMoment {
  /** Patient who has the mother's handle; undefined if nobody has. */
  readonly controller: Address | undefined;
  /** The key that signed the permission, as it was then; undefined if it was nobody's. */
  readonly signer: SignerFacts | undefined;
}

/**
 * Requires that a mother's permission to name her in a birth was good at the moment of its report: agents ask it when they
 * take the report, and everybody who reads the birth asks it of that moment again. The ledger takes no birth after its
 * deadline, so one that ends with the permission at the latest came in time, whenever the block came. Changes of key that come with the
 * permission prove nothing.
 *
 * @param context - Domain and primitives.
 * @param birth - The birth, which names a mother.
 * @param link - The permission, parsed.
 * @param moment - The ledger at that moment.
 * @throws MedsealError `RIGHT_MISSING` if it is not for this birth, not of the handle's patient, or names the child as its
 * own mother; `SIGNATURE_INVALID`, `PARTY_SUSPENDED`, `REQUEST_LATE` if the birth ends after the permission.
 */
export function requireBirthLink(
  context: SigningContext,
  birth: Birth,
  { message: link, party }: Signed<'BirthLink'>,
  { controller, signer }: LinkMoment,
): void {
  const isForIt =
    digestOf(context, 'BirthLink', link) === birth.terms.link &&
    link.child === birth.handle &&
    link.registrar === birth.reporter;
  const isHers = controller === party && link.handle !== link.child;
  if (!isForIt || !isHers) throw new MedsealError('RIGHT_MISSING', {});
  const standing = keyStanding(party, signer);
  if (standing === 'suspended') throw new MedsealError('PARTY_SUSPENDED', {});
  if (standing !== 'present') throw new MedsealError('SIGNATURE_INVALID', {});
  if (link.deadline < birth.deadline) throw new MedsealError('REQUEST_LATE', {});
}
