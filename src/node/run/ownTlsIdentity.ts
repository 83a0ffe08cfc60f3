import type { TlsIdentity } from '../../peers/tls/TlsIdentity.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import { homeIn } from '../succession/homeIn.ts';
import { tlsIdentityOf } from '../tlsIdentityOf.ts';

/**
 * Returns the key that an organisation's endpoint for others speaks TLS with now: by the network file in force, or by the
 * first one to come that names an organisation which joins.
 *
 * @param home - The organisation, with all its keys.
 * @param succession - The network files that are known.
 * @param at - Now, Unix seconds.
 * @returns Undefined if that file pins no keys.
 * @throws MedsealError `NETWORK_FILE_INVALID` if the folder lacks the key that it pins.
 */
export function ownTlsIdentity(
  home: OrganisationHome,
  { files, ...succession }: Pick<Succession, 'files' | 'inForce'>,
  at: number,
): TlsIdentity | undefined {
  const present = succession.inForce(at);
  const own =
    files
      .slice(files.indexOf(present))
      .find(({ authority }) =>
        authority.members.some(({ organisation }) => organisation === home.organisation),
      ) ?? present;
  return tlsIdentityOf(own, homeIn(own, home), files.slice(0, files.indexOf(own)));
}
