import { ROLES, type Role, type Service } from '../vocabulary.ts';

/**
 * Tells whether the authority can recover the key of a party with a role. Not a patient's: the state of the devices is sealed to
 * the lost key, and nobody else can open it. An organisation's own keys change by a successor of the network file.
 *
 * @param role - The role; `none` if the party is unknown.
 */
export function isRecoverable(role: Role | Service | 'none'): boolean {
  return role !== 'patient' && ROLES.some((each) => each === role);
}
