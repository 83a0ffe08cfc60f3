import { readHeader } from '../../src/crypto/sealing/readHeader.ts';
import { readStanzas } from '../../src/crypto/sealing/readStanzas.ts';
import type { Random } from '../../src/crypto/Random.ts';
import { combineShares } from '../../src/crypto/threshold/combineShares.ts';
import { labelOf, type EvidencedTarget } from '../../src/crypto/threshold/evidencedKem.ts';
import { parseEvidencedStanza } from '../../src/crypto/threshold/evidencedStanza.ts';
import { extractShare, type ShareOf } from '../../src/crypto/threshold/extractShare.ts';
import type { GroupPort } from '../../src/crypto/threshold/GroupPort.ts';
import { readSeal, type SealLabel } from '../../src/crypto/threshold/releaseSeal.ts';
import { scalarBytes } from '../../src/crypto/threshold/scalars.ts';

/** A release key with all of its shares, and what a file is sealed to. */
export interface OpeningKey {
  readonly target: EvidencedTarget;
  readonly members: ReadonlyMap<number, Uint8Array>;
  readonly secrets: ReadonlyMap<number, bigint>;
  readonly random: Random;
}

/** The seal of a guarded file. */
export interface SealedBy {
  readonly label: SealLabel;
  readonly seal: Uint8Array;
}

/**
 * Reads the seal of a guarded file.
 *
 * @param target - Key and version that it is sealed to.
 * @param file - The file.
 */
export async function sealIn(
  { keyId, identity }: EvidencedTarget,
  file: Uint8Array,
): Promise<SealedBy> {
  const header = (await readHeader([file])) ?? new Uint8Array();
  const [stanza] = await readStanzas(header);
  if (stanza === undefined) throw new Error('the file has no stanza');
  const { seal, encapsulated } = parseEvidencedStanza(stanza);
  return { seal, label: labelOf(keyId, identity, encapsulated) };
}

/**
 * Makes the shares of two members for a guarded file.
 *
 * @param group - Arithmetic.
 * @param key - The release key.
 * @param file - The file.
 * @returns A function that combines them.
 */
export async function openingOf(
  group: GroupPort,
  { target, members, secrets, random }: OpeningKey,
  file: Uint8Array,
): Promise<() => Uint8Array> {
  const { seal } = await sealIn(target, file);
  const { point } = readSeal(seal);
  const shares = [1, 2].map((index) => {
    const memberKey = members.get(index) ?? new Uint8Array();
    const of: ShareOf = { ...target, point, index, memberKey };
    return { index, share: extractShare(group, of, scalarBytes(secrets.get(index) ?? 1n), random) };
  });
  return () => combineShares(group, shares);
}
