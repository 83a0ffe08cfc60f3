import { bytesToHex } from '../../crypto/bytes.ts';
import { parseVerifierKey } from '../../crypto/note/NoteKey.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { IdentityFile } from './identityFiles.ts';

/**
 * Returns the identity files that the first file of a network, or the terms that it is founded on, rests on, as far as these name
 * them: all but the recipients of shares.
 *
 * @param network - The file; it is well-formed.
 * @returns The founder’s first; organisations of which it does not name everything are left out.
 */
export function identitiesIn({
  authority,
  channels: [channel],
  founders = [],
}: NetworkFile): readonly IdentityFile[] {
  return founders.flatMap((founder): readonly IdentityFile[] => {
    const { organisation, sender, url, tls, validator } = founder;
    const isIts = (each: { readonly organisation: string }): boolean =>
      each.organisation === organisation;
    const coordinator = channel?.coordinators.find(isIts)?.address;
    const member = authority.members.find(isIts)?.address;
    const log = channel?.logs.find(isIts)?.key;
    if (url === undefined || coordinator === undefined) return [];
    if (member === undefined || log === undefined) return [];
    return [
      {
        format: 'medseal-identity/1',
        organisation,
        coordinator,
        sender,
        authority: member,
        log: bytesToHex(parseVerifierKey(log).publicKey),
        ...(tls !== undefined && { tls }),
        url,
        ...(validator && {
          validator: { key: validator.key, node: validator.node, address: validator.address },
        }),
      },
    ];
  });
}
