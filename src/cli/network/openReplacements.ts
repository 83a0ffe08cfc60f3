import { MedsealError } from '../../errors/MedsealError.ts';
import { organisationName } from '../../protocol/network/networkLookups.ts';
import { LONGEST_REPLACEMENT } from '../../protocol/network/replacedKeyOf.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { KeyReplacement } from '../../protocol/struct/requests.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';

/** Seconds after a deadline in which a block can still have an earlier time. */
const LATE = 600;

/**
 * Returns the replacements of validators' keys that a folder's seats signed and that the ledger may still carry out: those that
 * no known successor has, for these were carried out, and whose deadline has not passed.
 *
 * @param signed - All that the folder keeps.
 * @param succession - The successors that it knows.
 * @param at - Unix seconds.
 */
export function openReplacements(
  signed: readonly KeyReplacement[] = [],
  { successors }: { readonly successors: readonly Pick<Successor, 'replacement'>[] },
  at: number,
): readonly KeyReplacement[] {
  const published = new Set(
    successors.flatMap(({ replacement }) =>
      replacement ? [canonicalJson(replacement.message)] : [],
    ),
  );
  return signed.filter((each) => each.deadline + LATE >= at && !published.has(canonicalJson(each)));
}

/**
 * Returns the replacements that a folder keeps once its seats sign a successor too.
 *
 * @param open - Those that may still be carried out.
 * @param successor - The successor.
 */
export function withReplacement(
  open: readonly KeyReplacement[],
  { replacement }: Pick<Successor, 'replacement'>,
): readonly KeyReplacement[] {
  if (replacement === undefined) return open;
  const own = canonicalJson(replacement.message);
  return [...open.filter((each) => canonicalJson(each) !== own), replacement.message];
}

/**
 * Refuses to sign a change of the stake of an organisation whose validator could get another key first: the change would name a
 * key that is not there any more. Refuses a replacement that would be open for longer than the ledger takes.
 *
 * @param open - Replacements that the folder's seats signed, and that may still be carried out.
 * @param successor - The change.
 * @param at - Unix seconds.
 * @throws MedsealError `SUCCESSOR_INVALID`.
 */
export function requireNoneOpen(
  open: readonly KeyReplacement[],
  { stakes, replacement }: Pick<Successor, 'stakes' | 'replacement'>,
  at: number,
): void {
  const first = open.find(({ organisation }) =>
    stakes.some(({ message }) => message.organisation === organisation),
  );
  if (first !== undefined) {
    const moment = new Date(1000 * (first.deadline + LATE)).toISOString();
    const name = organisationName(first.organisation);
    throw invalid(
      `this folder signed another key for the validator of ${name}, which the ledger may still carry out: publish that change, or sign this one after ${moment}`,
    );
  }
  if (replacement === undefined || replacement.message.deadline <= at + LONGEST_REPLACEMENT) return;
  const name = organisationName(replacement.message.organisation);
  throw invalid(`its replacement of the key of ${name} must have a deadline within a day`);
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
