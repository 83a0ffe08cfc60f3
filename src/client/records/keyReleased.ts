import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { isShareIn } from '../../crypto/threshold/extractShare.ts';
import { readSeal } from '../../crypto/threshold/releaseSeal.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import type { ReleaseProof, ReleaseStatement } from '../../protocol/release/ReleaseProof.ts';
import { askedInEntry, releasedName } from '../../protocol/release/releasedView.ts';
import { viewIdentity } from '../../protocol/release/viewIdentity.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Party } from '../party/Party.ts';
import type { ShareReleased, ViewReleased } from './releasedShares.ts';

/** The organisations that released the key of a record for a view. */
export interface KeyReleased {
  readonly by: readonly Organisation[];
  /** Verifies each share, and makes the proof of who released, to be saved: it tells false shares, and no other. */
  prove(): ReleaseProof;
}

/**
 * Returns who released the key of a record for a view.
 *
 * @param party - The reader.
 * @param released - Gives the shares that were released until its file was opened.
 */
export function keyReleased(party: Party, released: () => ViewReleased): KeyReleased {
  return {
    get by() {
      return released().shares.map(({ organisation }) => organisation);
    },
    prove: () => examineShares(party, released()).proof,
  };
}

/** Shares of which each was verified. */
export interface SharesExamined {
  /** Organisations whose shares are false. */
  readonly liars: readonly Organisation[];
  /** Number of true ones. */
  readonly have: number;
  /** Number that open. */
  readonly need: number;
  readonly proof: ReleaseProof;
}

/**
 * Verifies each share that was released for a view.
 *
 * @param party - The reader.
 * @param released - The shares.
 */
export function examineShares(
  party: Party,
  { view, recipient, place, pair, seal, encapsulation, key, shares }: ViewReleased,
): SharesExamined {
  const { network, primitives } = party;
  const seen = askedInEntry(primitives, JSON.parse(view.body) as Body, pair);
  if (seen === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'view' });
  const { message, leaf } = seen;
  const name = releasedName(primitives, { entry: view.entry, ...(leaf && { leaf }) });
  const identity = viewIdentity(network, key, message);
  const { point } = readSeal(hexToBytes(seal));
  const told = shares.map((each) => {
    return { each, lie: !isShareIn(primitives.group, key, { identity, point }, each) };
  });
  const liars = told.flatMap(({ each, lie }) => (lie ? [each.organisation] : []));
  const statements = told.map(({ each, lie }) => statementOf(primitives, each, name, lie));
  const format = 'medseal-release/2' as const;
  const of = { view, recipient, place, ...(pair && { pair }) };
  const proof = { format, ...of, seal, encapsulation, statements };
  return { liars, have: shares.length - liars.length, need: key.threshold, proof };
}

/** Returns the statement of a release with the proof that it is of an entry, and if the share is false, with the share. */
function statementOf(
  primitives: Primitives,
  { statement, salted, hashes, seals }: ShareReleased,
  entry: Bytes32,
  isFalse: boolean,
): ReleaseStatement {
  const { release, coordinator, signature, entries } = statement;
  const index = entries.indexOf(entry);
  const inclusion = inclusionIn(primitives, entries, index);
  const share = isFalse && { ...salted, inclusion: inclusionIn(primitives, hashes, index) };
  const { length: size } = entries;
  const sealInclusion = inclusionIn(primitives, seals, index);
  const proven = { release, coordinator, signature, index, size, inclusion, sealInclusion };
  return { ...proven, ...(share && { share }) };
}

function inclusionIn(
  primitives: Primitives,
  entries: readonly Bytes32[],
  index: number,
): readonly Bytes32[] {
  const leaves = entries.map((entry) => leafHash(primitives, hexToBytes(entry)));
  return memoryTree(primitives, leaves).inclusion(index).map(bytesToHex);
}

/** Evidence of `RELEASE_FALSE`. */
export class ReleaseEvidence {
  readonly proof: ReleaseProof;

  /** @param proof - The proof. */
  constructor(proof: ReleaseProof) {
    this.proof = proof;
  }
}

/**
 * Returns the proof that organisations released false shares of a record's key, to be saved.
 *
 * @param error - Error that reading the record threw.
 * @returns The evidence of `RELEASE_FALSE`; undefined for any other error.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * await readRecord(doctor, chart, record).catch(async (error: unknown) => {
 *   const proof = falseReleaseOf(error);
 *   if (proof === undefined) throw error;
 *   await writeFile('release.json', formatEvidenceFile(proof));
 * });
 * ```
 */
export function falseReleaseOf(error: unknown): ReleaseProof | undefined {
  const evidence = isMedsealError(error) ? error.evidence : undefined;
  return evidence instanceof ReleaseEvidence ? evidence.proof : undefined;
}
