import { MedsealError } from '../../errors/MedsealError.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { firstFingerprint } from '../../protocol/network/firstFingerprint.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { parseVerifierKey } from '../../crypto/note/NoteKey.ts';
import type { IdentityFile } from './identityFiles.ts';

/**
 * Returns the ledger of a network as the network file of a further channel on it names it.
 *
 * @param primitives - SHA-256.
 * @param host - The network's file, which whoever founds or joins the channel trusts; or that of another channel on
 * the same ledger.
 * @throws MedsealError `CEREMONY_INVALID` if it is a demonstration.
 */
export function ledgerOn(
  primitives: Pick<Primitives, 'sha256'>,
  host: NetworkFile,
): NetworkFile['ledger'] {
  const { contracts, demo, founders = [], ledger } = host;
  if (demo) throw invalid('the network whose ledger it is to use is a demonstration');
  if (ledger.of !== undefined) return ledger;
  const validators = founders.flatMap(({ validator }) =>
    validator === undefined ? [] : [{ key: validator.key, stake: validator.stake }],
  );
  return {
    ...ledger,
    of: {
      network: firstFingerprint(primitives, host),
      registry: contracts.registry,
      ...(validators.length > 0 && { validators }),
    },
  };
}

/**
 * Refuses identity files for a channel that name a key or an account of the network whose ledger it uses, for they would
 * link the two, and an account that was used creates contracts at other addresses; and a validator, for the ledger has
 * its own.
 *
 * @param host - The network's file.
 * @param identities - The identity files.
 * @param channel - Name of the channel.
 * @throws MedsealError `CEREMONY_INVALID`.
 */
export function requireApartFrom(
  host: NetworkFile,
  identities: readonly IdentityFile[],
  channel: string,
): void {
  const { authority, channels, founders = [], nodes = [] } = host;
  if (channels.some(({ name }) => name === channel)) {
    throw invalid(`the network whose ledger it is to use has a channel ${channel}`);
  }
  const members = [authority.members, ...channels.map(({ coordinators }) => coordinators)].flat();
  const used = new Set<string>([
    ...members.map(({ address }) => address),
    ...[...founders, ...nodes].flatMap(({ sender, tls }) => [sender, ...(tls ? [tls] : [])]),
    ...channels.flatMap(({ logs }) =>
      logs.map(({ key }) => bytesToHex(parseVerifierKey(key).publicKey)),
    ),
  ]);
  for (const { organisation, coordinator, sender, authority: member, log, ...own } of identities) {
    const { tls = '', validator } = own;
    const file = `${organisation}.identity.json`;
    const taken = [coordinator, sender, member, log, tls].find((each) => used.has(each));
    if (taken !== undefined) {
      throw invalid(`it names ${taken}, which the network whose ledger it is to use has`, file);
    }
    if (validator !== undefined)
      throw invalid('it names a validator, but the ledger has its own', file);
  }
}

function invalid(reason: string, file = 'network.json'): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file, reason });
}
