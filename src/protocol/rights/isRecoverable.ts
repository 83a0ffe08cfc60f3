import { isGuarded } from '../release/isGuarded.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { ROLES, type Role, type Service } from '../vocabulary.ts';

/**
 * Tells whether the authority can recover the key of a party with a role. A patient's only in a network with a release key: the state of
 * the devices is sealed ahead under that, and to the lost key. An organisation's own keys change by a successor of the network file.
 *
 * @param network - The network file.
 * @param role - The role; `none` if the party is unknown.
 */
export function isRecoverable(
  network: Pick<NetworkFile, 'channels'>,
  role: Role | Service | 'none',
): boolean {
  return ROLES.some((each) => each === role) && (role !== 'patient' || isGuarded(network));
}
