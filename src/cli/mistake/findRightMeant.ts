import { knownRights, type KnownRight } from '../../client/party/knownRights.ts';
import { listGrants } from '../../client/rights/listGrants.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findContact } from '../contact/findContact.ts';
import type { Visitor } from '../home/openVisitor.ts';

/**
 * Finds a right of the visitor, or one on the visitor's chart, by the beginning of its id, or by the other side: of several, the one
 * that ends last.
 *
 * @param visitor - The grantee, or the patient.
 * @param named - As it was typed.
 * @throws MedsealError `ARGUMENT_INVALID` if none is found, or if several ids begin like this; what `findContact` throws.
 */
export async function findRightMeant(visitor: Visitor, named: string): Promise<KnownRight> {
  const { party, key } = visitor;
  const given = key.role === 'patient' ? await listGrants(party) : [];
  const all = [
    ...(await knownRights(party)),
    ...given.flatMap(({ grant, digest }) => (grant === undefined ? [] : [{ grant, digest }])),
  ];
  if (/^0x[0-9a-f]{4,64}$/.test(named) && named.length !== 42) {
    const found = all.filter(({ digest }) => digest.startsWith(named));
    if (found.length > 1) throw invalid(named, 'several ids begin like this; give more of the id');
    const [right] = found;
    if (right === undefined) throw invalid(named, 'neither you nor your chart has such a right');
    return right;
  }
  const { facts } = await findContact(visitor, named);
  const [right] = all
    .filter(({ grant }) => grant.handle === facts.handle || grant.terms.grantee === facts.party)
    .toSorted((one, other) => other.grant.terms.until - one.grant.terms.until);
  if (right === undefined) throw invalid(named, 'there is no right between you');
  return right;
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
