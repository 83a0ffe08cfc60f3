import { Dice } from '../simulation/Dice.ts';
import { alter } from './alter.ts';
import type { Outcome, Subject } from './Subject.ts';

/** An alteration that nobody found, and that changes something. */
export interface Missed {
  readonly seed: string;
  readonly what: string;
  readonly why: string;
}

/** Counts of one class. */
export interface ClassCounts {
  readonly subject: string;
  /** Number of alterations, by their ways. */
  readonly ways: Map<string, number>;
  /** Number found, by the check that found them. */
  readonly found: Map<string, number>;
  /** Number of harmless ones, by reason. */
  readonly harmless: Map<string, number>;
  missed: number;
}

/** Result of a campaign. */
export interface CampaignResult {
  readonly classes: ReadonlyMap<string, ClassCounts>;
  readonly missed: readonly Missed[];
}

/**
 * Alters one thing after the other, each drawn from a seed of its own, and counts what became of it. Classes take
 * turns, so that each gets its share.
 *
 * @param subjects - Classes of things that can be altered.
 * @param seeds - One for each alteration.
 * @param options.only - Only the class of this name, if it is given.
 * @param options.onMissed - Told at once of what is neither found nor harmless.
 */
export async function campaign(
  subjects: readonly Subject[],
  seeds: Iterable<string>,
  {
    only,
    onMissed,
  }: { readonly only?: string | undefined; readonly onMissed?: (missed: Missed) => void } = {},
): Promise<CampaignResult> {
  const drawn = subjects.filter(({ name, things }) => things.size > 0 && (only ?? name) === name);
  const classes = new Map<string, ClassCounts>();
  const missed: Missed[] = [];
  for (const seed of seeds) {
    const dice = new Dice(seed);
    const subject = dice.pick(drawn);
    const { way, changes, what } =
      subject.draw?.(dice) ?? alter(dice, subject.things, subject.older);
    const outcome = await subject.examine(changes);
    const counts = classes.get(subject.name) ?? emptyCounts(subject.name);
    classes.set(subject.name, counts);
    add(counts.ways, way);
    note(counts, outcome);
    if ('missed' in outcome) {
      const each = { seed, what: `${subject.name}: ${what}`, why: outcome.missed };
      missed.push(each);
      onMissed?.(each);
    }
  }
  return { classes, missed };
}

function note(counts: ClassCounts, outcome: Outcome): void {
  if ('found' in outcome) add(counts.found, outcome.found);
  else if ('harmless' in outcome) add(counts.harmless, outcome.harmless);
  else counts.missed += 1;
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function emptyCounts(subject: string): ClassCounts {
  return { subject, ways: new Map(), found: new Map(), harmless: new Map(), missed: 0 };
}
