import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32, type Address } from '../ids.ts';
import type { Write } from '../struct/requests.ts';
import type { RulesView } from '../rights/RulesView.ts';
import type { Role } from '../vocabulary.ts';

/** The roles of those who treat patients. */
const CARE = ['doctor', 'nurse', 'pharmacist', 'lab', 'registrar'] as const;

/**
 * The roles that carry on a line of versions which a party of each role began, by a right to amend. The party itself always
 * does; a line of a role that is absent is changed by that party alone.
 */
export const CARRIED_ON_BY: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  ...Object.fromEntries(CARE.map((role) => [role, CARE])),
  insurer: ['insurer'],
  patient: ['patient', ...CARE],
};

/**
 * Requires that a party may write a version in a line of versions: a line that a professional began is changed by professionals
 * with the right, and without a right everybody changes their own lines alone. Patients object to others'
 * records beside them, who began the record answers there, and nobody else changes an objection or an answer.
 *
 * @param view - The rules as of a block.
 * @param party - The author, whose right was judged.
 * @param write - The version.
 * @param before - The version that it builds on, as `builtOn` names it; undefined if it builds on nothing.
 * @param answered - Finds what an answer answers, as `answeredBy` names it.
 * @throws MedsealError `REQUEST_MALFORMED` if it differs from that version in what a line keeps, or is a wrong objection;
 * `LINE_OF_ANOTHER`.
 */
export function requireLine(
  view: RulesView,
  party: Address,
  { handle, action, begunBy, about, category, grant }: Write,
  before: Write | undefined,
  answered: () => Write | undefined,
): void {
  if (before !== undefined && before.category !== category) throw malformed('category');
  if (action === 'add') {
    if (begunBy !== party) throw malformed('begunBy');
    if (about === ZERO32) return;
    // All that is said beside a record names the record itself, so that who may read that reads it.
    if (before?.about !== ZERO32) throw malformed('about');
    if (grant === ZERO32) {
      // Only the patient objects, and to what others wrote.
      if (before.begunBy === party) throw malformed('about');
      return;
    }
    requireAnswerer(view, party, before.begunBy);
    const said = answered();
    if (said?.about !== about || said.grant !== ZERO32) throw malformed('about');
    return;
  }
  if (begunBy !== before?.begunBy) throw malformed('begunBy');
  if (about !== before.about) throw malformed('about');
  if (begunBy === party) return;
  const isOfOthers = about === ZERO32 && view.patient(handle)?.controller !== party;
  if (isOfOthers && mayCarryOn(view, party, begunBy)) return;
  throw new MedsealError('LINE_OF_ANOTHER', {});
}

/**
 * Requires that a party may answer what a patient says against a record: the one who began it, or while that one is suspended a colleague of
 * the same organisation who could carry it on.
 */
function requireAnswerer(view: RulesView, party: Address, begunBy: Address): void {
  if (party === begunBy) return;
  const [first, own] = [view.party(begunBy), view.party(party)];
  const isColleague = first?.suspended === true && first.organisation === own?.organisation;
  if (isColleague && mayCarryOn(view, party, begunBy)) return;
  throw new MedsealError('LINE_OF_ANOTHER', {});
}

function mayCarryOn(view: RulesView, party: Address, begunBy: Address): boolean {
  const first = view.party(begunBy)?.role as Role | undefined;
  const roles = first === undefined ? [] : (CARRIED_ON_BY[first] ?? []);
  return roles.some((role) => role === view.party(party)?.role);
}
