import { MedsealError } from '../../errors/MedsealError.ts';
import { isAttested } from '../care/isAttested.ts';
import type { Address, Bytes32, Organisation } from '../ids.ts';
import type { Channel, NetworkFile } from '../network/NetworkFile.ts';
import { ATTESTED_FACTS } from '../shapes/answerShapes.ts';
import type { SigningContext } from '../struct/signing.ts';
import { domainOf } from '../struct/domainOf.ts';
import { BYTES32, findShapeError, ListOf, OneOf } from '../wire/findShapeError.ts';
import { parseShape } from '../wire/parseShape.ts';
import type { AttestedFacts } from './facts.ts';
import type { BlockFacts } from '../network/BlockFacts.ts';

/**
 * Proof that coordinators signed two different blocks of one height as the ledger's: one of the two does not follow the
 * ledger that the other follows, or lies. It proves itself to everybody who has the network files.
 */
export interface BlockConflict {
  readonly format: 'medseal-block-conflict/1';
  readonly network: Bytes32;
  readonly statements: readonly [AttestedFacts, AttestedFacts];
}

/** A conflict that was verified. */
export interface ProvenConflict {
  readonly height: number;
  /**
   * True if validators hold the ledger, whose blocks are final. A ledger that one organisation's node keeps has other blocks
   * of its last heights once it is restored from a backup, and honest coordinators sign them too.
   */
  readonly isFinal: boolean;
  /** The coordinator that signed both, which it may not; absent if two signed, or if the blocks are not final. */
  readonly convicted?: { readonly organisation: Organisation; readonly coordinator: Address };
  /** The two blocks, each with the coordinator that signed it. */
  readonly signed: readonly {
    readonly block: BlockFacts;
    readonly organisation: Organisation;
    readonly coordinator: Address;
  }[];
}

const BLOCK_CONFLICT = {
  format: new OneOf('medseal-block-conflict/1'),
  network: BYTES32,
  statements: new ListOf(ATTESTED_FACTS, 2, 2),
} as const;

/**
 * Finds two statements of coordinators that name different blocks of one height.
 *
 * @param context - Primitives.
 * @param network - The network file whose coordinators count.
 * @param answers - Statements, not trusted.
 * @returns Undefined if there are no two.
 */
export function findBlockConflict(
  context: Pick<SigningContext, 'primitives'>,
  network: NetworkFile,
  answers: readonly AttestedFacts[],
): BlockConflict | undefined {
  const known = new Map<number, AttestedFacts>();
  for (const answer of answers) {
    const block = signedBlock(context, network, network.channels, answer)?.block;
    if (block === undefined) continue;
    const before = known.get(block.height);
    if (before !== undefined && before.facts.newest?.hash !== block.hash) {
      const { networkId } = network;
      return {
        format: 'medseal-block-conflict/1',
        network: networkId,
        statements: [before, answer],
      };
    }
    known.set(block.height, answer);
  }
  return undefined;
}

/**
 * Verifies a proof that coordinators signed two different blocks of one height.
 *
 * @param context - Primitives.
 * @param files - Network files of one network, of which at least one is pinned or follows from it. The coordinators of all of
 * them count, and those of the offices before.
 * @param value - The proof, decoded from JSON.
 * @param refuse - Makes the error from the reason; `EVIDENCE_INVALID` if absent.
 * @throws MedsealError `EVIDENCE_INVALID`, or the error of `refuse`, if it proves nothing.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const value: unknown = JSON.parse(await readFile('conflict-7.json', 'utf8'));
 * const context = { primitives: portablePrimitives };
 * const { height, signed } = requireBlockConflict(context, [network], value);
 * console.log(height, signed.map(({ organisation }) => organisation).join(' and '));
 * ```
 */
export function requireBlockConflict(
  context: Pick<SigningContext, 'primitives'>,
  files: readonly NetworkFile[],
  value: unknown,
  refuse: (reason: string) => Error = invalid,
): ProvenConflict {
  const { network, statements } = parseShape(BLOCK_CONFLICT, value, 'the proof', refuse);
  const [file] = files;
  if (file === undefined || network !== file.networkId) {
    throw refuse('the proof is of another network');
  }
  const offices = files.flatMap(({ channels, before = [] }) => [
    ...channels,
    ...before.flatMap((earlier) => earlier.channels),
  ]);
  const signed = statements.map((each) => signedBlock(context, file, offices, each));
  const [one, other] = signed;
  if (one === undefined || other === undefined) {
    throw refuse('a statement of the proof is not signed by a coordinator of the network');
  }
  const { height, hash } = one.block;
  if (other.block.height !== height || other.block.hash === hash) {
    throw refuse('its two statements do not conflict');
  }
  const isFinal = file.ledger.chain !== undefined;
  const { organisation, coordinator } = one;
  const isOfOne = isFinal && coordinator === other.coordinator;
  return {
    height,
    isFinal,
    ...(isOfOne && { convicted: { organisation, coordinator } }),
    signed: [one, other],
  };
}

/** The block that a coordinator of one of these offices signed; undefined if nobody of them did. */
function signedBlock(
  { primitives }: Pick<SigningContext, 'primitives'>,
  network: NetworkFile,
  offices: readonly Pick<Channel, 'coordinators'>[],
  answer: AttestedFacts,
): ProvenConflict['signed'][number] | undefined {
  if (findShapeError(ATTESTED_FACTS, answer, 'statement') !== undefined) return undefined;
  const { attestation, facts, coordinator } = answer;
  const block = facts.newest;
  if (block === undefined) return undefined;
  const asked = { nonce: attestation.nonce, ...facts.asked };
  if (!isAttested({ primitives, domain: domainOf(network) }, answer, asked)) return undefined;
  const seat = offices
    .flatMap(({ coordinators }) => coordinators)
    .find(({ address }) => address === coordinator);
  return seat && { block, organisation: seat.organisation, coordinator };
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}

/**
 * Name of the file that a conflict is kept in.
 *
 * @param conflict - The conflict.
 */
export function conflictFileName({ statements }: BlockConflict): string {
  return `${CONFLICT_FILES}${statements[0].facts.newest?.height ?? 0}.json`;
}

/** Beginning of the names of files with conflicts. */
export const CONFLICT_FILES = 'conflict-';
