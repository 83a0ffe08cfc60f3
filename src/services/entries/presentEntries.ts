import type { EvidenceLog, StoredEntry } from '../../log/EvidenceLog.ts';
import type { SignedVerdict } from '../../protocol/evidence/evidence.ts';
import type { CheckpointRequest, PlacedVerdict } from '../ports.ts';

/** Entries of a log, and who judged them. */
export type PresentedEntries = Pick<CheckpointRequest, 'entries' | 'verdicts'>;

/** Number of entries that are presented at once. */
export const MAX_PRESENTED = 4096;

/**
 * Returns entries of a log as they are presented to coordinators before a checkpoint. A verdict over consecutive
 * entries of the log is there once, and needs no proof; otherwise it is there for each of its entries, with a proof.
 *
 * @param log - The log.
 * @param range - From an index, to before another; entries beyond `MAX_PRESENTED` wait for the next time.
 * @throws MedsealError as `EvidenceLog.kept` does.
 */
export async function presentEntries(
  log: Pick<EvidenceLog, 'stored'>,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<PresentedEntries> {
  const stored = await log.stored({ from, to: Math.max(from, Math.min(to, from + MAX_PRESENTED)) });
  const verdicts: PlacedVerdict[] = [];
  /** Start of the whole of what each verdict covers, by its signature. */
  const whole = new Map<string, number>();
  for (const [place, entry] of stored.entries()) {
    for (const { index, proof, ...statement } of entry.verdicts) {
      if (whole.get(statement.signature) === place - index) continue;
      if (index === 0 && followsWhole(stored, place, statement)) {
        whole.set(statement.signature, place);
        verdicts.push({ ...statement, from: place });
      } else {
        verdicts.push({ ...statement, from: place, part: { index, proof } });
      }
    }
  }
  return { entries: stored.map(({ entry }) => entry), verdicts };
}

/** Tells whether all entries that a verdict covers stand in its order from a place on. */
function followsWhole(
  stored: readonly StoredEntry[],
  place: number,
  { verdict, signature }: Pick<SignedVerdict, 'verdict' | 'signature'>,
): boolean {
  if (place + verdict.size > stored.length) return false;
  for (let index = 1; index < verdict.size; index++) {
    const there = stored[place + index]?.verdicts;
    if (there?.some((each) => each.signature === signature && each.index === index) !== true) {
      return false;
    }
  }
  return true;
}
