import { MedsealError } from '../../errors/MedsealError.ts';
import type { Configuration } from '../configuration/Configuration.ts';
import type { FolderRole } from './readRole.ts';

/**
 * Requires that another machine can go on with all that this node's folder does not share.
 *
 * @param configuration - Its settings.
 * @param role - The part that the folder has in its network.
 * @throws MedsealError `STANDBY_REFUSED`.
 */
export function requireStandby(
  { database, vault }: Pick<Configuration, 'database' | 'vault'>,
  { serves, validating }: Pick<FolderRole, 'serves' | 'validating'>,
): void {
  const refusals: readonly (readonly [boolean, string])[] = [
    [serves === 'own', 'the network’s ledger is in its folder'],
    [database.url === undefined, 'its stores are files: `database.url` names no server'],
    [
      database.secrets === undefined,
      'the secrets of bodies are in its folder: set `database.secrets` to one that both machines share',
    ],
    [
      vault.store === 'folder',
      'sealed files are in its folder: set `vault.store` to a server that both machines reach',
    ],
    // Two validators with one key would sign twice, and the network would cast the organisation out.
    [
      validating !== undefined,
      'it runs its organisation’s validator, whose key must sign on one machine only: run that elsewhere, and set `ledger.url`',
    ],
  ];
  const [, reason] = refusals.find(([isSo]) => isSo) ?? [];
  if (reason !== undefined) throw new MedsealError('STANDBY_REFUSED', { reason });
}
