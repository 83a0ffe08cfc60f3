import type { Primitives } from '../crypto/Primitives.ts';
import type { Founding } from '../folder/Founding.ts';
import { identityOf, type OrganisationIdentity } from '../folder/OrganisationIdentity.ts';
import { followsFromItself } from '../node/founding/followsFromItself.ts';
import { networkFileOf } from '../node/founding/foundNetwork.ts';
import { isSameNetworkFile } from '../protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { ExaminedKeys } from './examineKeys.ts';

/** Those that a network file of a folder has to agree with. */
export interface ComparedWith extends Pick<ExaminedKeys, 'keys'> {
  /**
   * Its successors: an organisation that joined by one is not in the file itself, or is there with keys that were lost.
   */
  readonly successors: readonly NetworkFile[];
  /** A network file from elsewhere. */
  readonly pinned: NetworkFile | undefined;
  readonly founding: Founding | undefined;
  /** The public keys that the network was founded with, as far as they are known. */
  readonly identities: readonly OrganisationIdentity[];
  readonly primitives: Primitives;
}

/**
 * Finds what a folder's network file contradicts: the pinned one, the folder's keys, itself, or its founding.
 *
 * @param file - The network file.
 * @param others - Those that it has to agree with.
 * @returns The contradiction, in words; undefined if it agrees with all.
 */
export function contradictionIn(
  file: NetworkFile,
  { successors, pinned, keys, founding, identities, primitives }: ComparedWith,
): string | undefined {
  if (pinned !== undefined && !isSameNetworkFile(pinned, file)) {
    return 'it differs from the pinned one';
  }
  for (const [organisation, { coordinator }] of keys) {
    const isNamed = [file, ...successors].some(({ channels }) => {
      const named = channels
        .flatMap(({ coordinators }) => coordinators)
        .filter((each) => each.organisation === organisation);
      return named.length > 0 && named.every(({ address }) => address === coordinator.address);
    });
    if (!isNamed) return `it does not name the keys of ${organisation}`;
  }
  if (!followsFromItself(file, primitives)) {
    return 'it was altered: its network id does not follow from the rest of it';
  }
  if (founding === undefined || identities.length < founding.organisations.length) return undefined;
  const expected = networkFileOf(founding, identities, primitives, file.ledger.chain);
  return isSameNetworkFile(expected, file)
    ? undefined
    : 'it does not follow from founding.json and the keys';
}

/**
 * Returns the public keys that a network was founded with, in the order of its organisations, as far as a folder has them.
 *
 * @param founding - The founding.
 * @param examined - The folder's keys.
 */
export function foundersOf(
  { organisations, others = [], tls: isTls = false }: Founding,
  { keys, members }: ExaminedKeys,
): readonly OrganisationIdentity[] {
  return organisations.flatMap((organisation) => {
    const [mine, member] = [keys.get(organisation), members.get(organisation)];
    if (mine !== undefined && member !== undefined)
      return [identityOf(organisation, mine, member, isTls)];
    return others.filter((other) => other.organisation === organisation);
  });
}
