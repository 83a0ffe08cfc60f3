import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isPromise } from '../../protocol/evidence/acknowledgementCheck.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { ENTRY_KINDS } from '../../protocol/struct/kindOf.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { mostJudges, officesOf, type OfficeInTime } from '../../protocol/network/officesOf.ts';
import type { EntryKind, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { signerOf, type SigningContext } from '../../protocol/struct/signing.ts';
import type { CheckpointRequest, PlacedVerdict } from '../ports.ts';

/**
 * Number of invalid verdicts after which no more are verified: an honest log verifies each verdict before it keeps it,
 * and so presents no invalid one.
 */
const MOST_FALSE = 16;

/** Number of times that an organisation's verdicts may cover all entries: each costs as much as it covers. */
const OVERLAP = 4;

/**
 * Organisations whose coordinators judged an entry, by the kind that they judged it as; for each office, since two
 * offices make no quorum together.
 */
type Judges = readonly Record<EntryKind, Set<string>>[];

/** Entries with verdicts, not trusted. */
export type PresentedVerdicts = Pick<CheckpointRequest, 'log' | 'entries' | 'from' | 'verdicts'>;

/** Options of `requireJudged`. */
export interface JudgedOptions {
  /** The entries' leaf hashes. */
  readonly leaves: readonly Uint8Array[];
  /** Tells whether the asker signed a verdict itself. */
  readonly isOwn: (verdict: PlacedVerdict) => boolean;
  /** True if every verdict must hold, and not only enough of them. */
  readonly strict?: boolean;
}

/**
 * Requires that a quorum of coordinators judged each presented entry. A verdict over consecutive entries is verified by
 * its root, once for all of them; each signature is verified once, and no signature that is no longer needed.
 *
 * @param context - Domain, primitives, network file.
 * @param request - Entries with verdicts; not trusted.
 * @param options - Options of `requireJudged`.
 * @throws MedsealError `ENTRY_UNJUDGED` naming the first entry that too few judged; RangeError if a required verdict is
 * invalid.
 */
export function requireJudged(
  context: SigningContext & { readonly network: NetworkFile },
  request: PresentedVerdicts,
  options: JudgedOptions,
): void {
  for (const _ of requiringJudged(context, request, options));
}

/**
 * Does the same in steps, one signature each at most, so that the caller can do other work in between.
 *
 * @param context - Domain, primitives, network file.
 * @param request - Entries with verdicts; not trusted.
 * @param options - Options of `requireJudged`.
 * @throws MedsealError as `requireJudged`.
 */
export function* requiringJudged(
  context: SigningContext & { readonly network: NetworkFile },
  request: PresentedVerdicts,
  options: JudgedOptions,
): Generator<void, void, void> {
  const { primitives } = context;
  const { leaves, isOwn, strict = false } = options;
  const { log } = logOf(context.network, request.log);
  const offices = officesOf(context.network, request.log);
  const judges = leaves.map((): Judges =>
    offices.map(() => ({ writes: new Set(), views: new Set() })),
  );
  let wrong = 0;
  /** Number of entries that the verdicts cover so far; limited, because an organisation's verdicts hardly overlap. */
  let covering = 0;
  const mostCovering = strict ? Infinity : OVERLAP * leaves.length * mostJudges(offices);
  // This node's own verdicts need no verifying, and leave fewer others to verify.
  const own = new Set(request.verdicts.filter((each) => succeeds(() => isOwn(each))));
  for (const each of own) note(each, true);
  for (const each of request.verdicts) {
    yield;
    if (wrong >= MOST_FALSE || covering > mostCovering) break;
    if (own.has(each) || !isWanted(each)) continue;
    covering += coveredBy(each).length;
    note(each, false);
  }
  for (const [place, each] of judges.entries()) {
    if (isEnough(offices, each)) continue;
    const index = request.from + place;
    const entry = request.entries[place] ?? '0x';
    throw new MedsealError('ENTRY_UNJUDGED', { log: request.log, index, entry, ...most(each) });
  }

  /**
   * Tells whether a valid verdict would add anything: a repeat by the same organisation, or one of a stranger, does
   * not.
   */
  function isWanted(each: PlacedVerdict): boolean {
    if (strict) return true;
    return succeeds(() => {
      const { kind } = each.verdict;
      const seats = seatsAt(each);
      return coveredBy(each).some(
        (entry) =>
          !isEnough(offices, entry) &&
          seats.some(
            (name, place) => name !== undefined && entry[place]?.[kind].has(name) === false,
          ),
      );
    });
  }

  /** Counts a verdict for the entries that it covers, if it is valid. */
  function note(each: PlacedVerdict, isSigned: boolean): void {
    const seats = succeeds(() => seatsAt(each).some((name) => name !== undefined))
      ? seatsAt(each)
      : [];
    const covered = coveredBy(each);
    const sound =
      succeeds(
        () =>
          ENTRY_KINDS.includes(each.verdict.kind) &&
          each.verdict.log === log.id &&
          isPromise(each.verdict) &&
          covers(each, covered.length),
      ) &&
      (isSigned || succeeds(() => signedBy(each)));
    if (seats.length > 0 && sound) {
      for (const entry of covered) {
        for (const [place, name] of seats.entries()) {
          if (name !== undefined) entry[place]?.[each.verdict.kind].add(name);
        }
      }
    } else if (strict) throw new RangeError('a verdict does not hold');
    else wrong += 1;
  }

  /** For each office the organisation that the verdict counts for. */
  function seatsAt({
    coordinator,
    verdict: { at },
  }: PlacedVerdict): readonly (string | undefined)[] {
    return offices.map(({ channel: { coordinators }, from, until }) =>
      at >= from && at < until
        ? coordinators.find(({ address }) => address === coordinator)?.organisation
        : undefined,
    );
  }

  function coveredBy(each: PlacedVerdict): readonly Judges[] {
    return judges.slice(each.from, each.part === undefined ? endOf(each) : each.from + 1);
  }

  function covers({ from, part, verdict }: PlacedVerdict, count: number): boolean {
    if (part === undefined) {
      const root = rootOf(primitives, leaves.slice(from, from + count));
      return verdict.size === count && verdict.root === bytesToHex(root);
    }
    const leaf = leaves[from];
    const { size, root } = verdict;
    const proof = part.proof.map(hexToBytes);
    return (
      leaf !== undefined &&
      verifyInclusion(primitives, { index: part.index, size, leaf, proof, root: hexToBytes(root) })
    );
  }

  function signedBy({ coordinator, verdict, signature }: PlacedVerdict): boolean {
    return signerOf(context, 'Verdict', verdict, signature) === coordinator;
  }

  /** Number of organisations that judged the entry, and the number needed. */
  function most(each: Judges): { got: number; needed: number } {
    const counts = offices.flatMap(({ channel: { thresholds } }, place) =>
      ENTRY_KINDS.map((kind) => ({ got: each[place]?.[kind].size ?? 0, needed: thresholds[kind] })),
    );
    const [best = { got: 0, needed: 0 }] = counts.toSorted((a, b) => b.got - a.got);
    return best;
  }
}

function endOf({ from, verdict }: PlacedVerdict): number {
  const size: unknown = verdict?.size;
  return from + (typeof size === 'number' ? size : 0);
}

function isEnough(offices: readonly OfficeInTime[], judges: Judges): boolean {
  return offices.some(({ channel: { thresholds } }, place) =>
    ENTRY_KINDS.some((kind) => (judges[place]?.[kind].size ?? 0) >= thresholds[kind]),
  );
}
