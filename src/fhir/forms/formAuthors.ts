import type { LEDGER_ROLES, Role } from '../../protocol/vocabulary.ts';
import { FORM_NAMES, type FormName } from './formNames.ts';

/** People who fill in a form. */
interface FormAuthors {
  /** Roles that fill it in on another’s chart. */
  readonly roles: readonly Role[];
  /** True if patients fill it in on their own. */
  readonly own?: true;
}

/** Roles that treat people. */
const TREATING: readonly Role[] = ['doctor', 'nurse', 'pharmacist', 'lab'];

const AUTHORS: Readonly<Record<FormName, FormAuthors>> = {
  allergy: { roles: TREATING, own: true },
  problem: { roles: TREATING },
  'vital-signs': { roles: TREATING, own: true },
  vaccination: { roles: TREATING },
  order: { roles: ['doctor'] },
  referral: { roles: ['doctor'] },
};

/**
 * Returns the forms that somebody fills in, in the portal and on the command line alike. Nodes cannot see the content: they
 * judge the right to its category.
 *
 * @param author - The role on another’s chart, undefined of somebody without one; `own` for the person’s own.
 */
export function formsOf(
  author: (typeof LEDGER_ROLES)[number] | 'own' | undefined,
): readonly FormName[] {
  return FORM_NAMES.filter((name) => {
    const { roles, own = false } = AUTHORS[name];
    return author === 'own' ? own : roles.some((role) => role === author);
  });
}
