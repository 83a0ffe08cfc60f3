import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../ids.ts';
import { RECORD_TYPE_RULES } from '../struct/recordTypes.ts';
import type { RulesView } from '../rights/RulesView.ts';
import type { Category, Role } from '../vocabulary.ts';

const VITAL_AUTHORS: readonly Role[] = [
  ...RECORD_TYPE_RULES.birth.authors,
  ...RECORD_TYPE_RULES.death.authors,
];

/**
 * Requires that the role of a party lets it write on another's chart in a category. Nodes see the category and not the
 * content, so they judge only the one whose records all have such authors: `vital-records`. Hospitals write the
 * others in whole visits, the insurer's papers among them.
 *
 * @param view - The rules as of a block.
 * @param author - The party.
 * @param category - The category that the author names.
 * @throws MedsealError `ROLE_UNFIT`, `PARTY_UNKNOWN`.
 */
export function requireAuthor(view: RulesView, author: Address, category: Category): void {
  if (category !== 'vital-records') return;
  const role = view.party(author)?.role;
  if (role === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (VITAL_AUTHORS.some((each) => each === role)) return;
  throw new MedsealError('ROLE_UNFIT', { what: category, role });
}
