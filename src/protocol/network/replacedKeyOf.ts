import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../ids.ts';
import type { KeyReplacement } from '../struct/requests.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import { coordinatorsIn, organisationId, presentNodes } from './networkLookups.ts';
import type { Founder, NetworkFile } from './NetworkFile.ts';
import type { Successor } from './Successor.ts';

/** The most seconds that the deadline of a replacement is ahead; the contract `Validators` has the same limit. */
export const LONGEST_REPLACEMENT = 24 * 3600;

/** A replacement of a validator's key, without the moment until which the ledger takes it. */
export type ReplacementTerms = Omit<KeyReplacement, 'deadline'>;

/** A validator whose key gets another one in its place. */
export interface ReplacedKey {
  readonly organisation: Organisation;
  readonly terms: ReplacementTerms;
}

/**
 * Returns the one replacement of a validator's key by which a successor differs from the network file before: the organisation, its
 * stake and everything else are as they were; the validator's node and address may be others.
 *
 * @param predecessor - The file before.
 * @param network - Its successor.
 * @throws MedsealError `SUCCESSOR_INVALID` if they differ by anything else.
 */
export function replacedKeyOf(predecessor: NetworkFile, network: NetworkFile): ReplacedKey {
  const before = presentNodes(predecessor);
  const after = presentNodes(network);
  const isSame =
    withoutNodes(predecessor) === withoutNodes(network) &&
    withoutValidators(before) === withoutValidators(after);
  const changed = after.flatMap(({ organisation, validator }, place) => {
    const was = before[place]?.validator;
    const isOther = canonicalJson(was ?? {}) !== canonicalJson(validator ?? {});
    return isOther && was && validator
      ? [{ organisation, former: was.key, key: validator.key }]
      : [];
  });
  const [only, another] = changed;
  if (!isSame || only === undefined || another !== undefined || only.former === only.key) {
    throw invalid('it replaces a validator’s key at once, and must change that key alone');
  }
  const { organisation, former, key } = only;
  return { organisation, terms: { organisation: organisationId(organisation), former, key } };
}

/** The parts that a successor can change, except for the nodes. */
function withoutNodes({ authority, channels, contracts, engine }: NetworkFile): string {
  return canonicalJson({ authority, channels, contracts, ...(engine && { engine }) });
}

/** The nodes as they are apart from their validators' keys and addresses. */
function withoutValidators(nodes: readonly Founder[]): string {
  return canonicalJson(
    nodes.map(({ validator, ...node }) => ({ ...node, stake: validator?.stake ?? 0 })),
  );
}

/**
 * Returns those who sign the replacement of a validator's key, by the file before: the coordinator of its organisation, and so many of
 * the others as their quorum has, or all of them.
 *
 * @param predecessor - The file before.
 * @param organisation - The organisation whose validator it is.
 */
export function replacementOffices(
  predecessor: NetworkFile,
  organisation: Organisation,
): Readonly<Record<'owner' | 'others', NetworkFile['authority']>> {
  const [channel] = predecessor.channels.map(coordinatorsIn);
  const { members = [], threshold = 1 } = channel ?? {};
  const others = members.filter((each) => each.organisation !== organisation);
  const most = new Set(others.map((each) => each.organisation)).size;
  return {
    owner: {
      threshold: 1,
      members: members.filter((each) => each.organisation === organisation),
    },
    others: { threshold: Math.min(threshold, most), members: others },
  };
}

/** Requires the replacement in a successor to be the one by which it differs from the file before, and the only change. */
export function requireReplacement(
  predecessor: NetworkFile,
  network: NetworkFile,
  { replacement, offices, stakes, contracts }: Successor,
): void {
  if (replacement === undefined) return;
  const { organisation, former, key } = replacement.message;
  const { terms } = replacedKeyOf(predecessor, network);
  if (canonicalJson(terms) !== canonicalJson({ organisation, former, key })) {
    throw invalid('it replaces another key at the ledger than the network file says');
  }
  if (offices.length > 0 || stakes.length > 0 || contracts !== undefined) {
    throw invalid(
      'it replaces a validator’s key at once, and must change nothing else at the ledger',
    );
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
