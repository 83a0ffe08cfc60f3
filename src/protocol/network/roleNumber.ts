import { LEDGER_ROLES, type Role, type Service } from '../vocabulary.ts';

/**
 * Returns the number of a role or a service on the ledger.
 *
 * @param role - The role.
 */
export function roleNumber(role: Role | Service): number {
  return LEDGER_ROLES.indexOf(role) + 1;
}
