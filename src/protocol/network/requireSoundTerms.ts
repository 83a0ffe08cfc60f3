import { MedsealError } from '../../errors/MedsealError.ts';
import type { Terms } from '../struct/requests.ts';

/** The part of a right's terms that can be unsound. */
export type TermsGiven = Pick<Terms, 'categories' | 'read' | 'add' | 'amend' | 'from' | 'until'>;

/**
 * Refuses terms that give nothing, never hold, or hold for too long: before a client signs them, and before a node
 * sends them to the ledger.
 *
 * @param terms - Terms of the right to give.
 * @param limits - Moment of giving, and longest time that a right may hold, both in seconds.
 * @throws MedsealError `RIGHT_INVALID` naming the field, its value and its unit.
 */
export function requireSoundTerms(
  terms: TermsGiven,
  { at, longest }: { readonly at: number; readonly longest: number },
): void {
  const { from, until } = terms;
  if (terms.categories.length === 0) throw invalid('`categories` names no category');
  if (!terms.read && !terms.add && !terms.amend) {
    throw invalid('it gives none of the actions `read`, `add` and `amend`');
  }
  for (const [name, value] of Object.entries({ from, until })) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw invalid(`\`${name}\` must be a whole number of Unix seconds (got ${value})`);
  }
  if (until <= from) {
    throw invalid(`\`until\` must be later than \`from\` (got ${until} and ${from} Unix seconds)`);
  }
  if (until <= at) {
    throw invalid(`\`until\` has passed (got ${until}, and now is ${at}, in Unix seconds)`);
  }
  const most = `this network allows ${longest} s; moments are in Unix seconds, not milliseconds`;
  if (from - at > longest) {
    throw invalid(`\`from\` is ${from - at} s ahead (got ${from}): ${most}`);
  }
  if (until - from > longest) {
    throw invalid(`\`until\` is ${until - from} s after \`from\` (got ${until}): ${most}`);
  }
}

function invalid(what: string): MedsealError {
  return new MedsealError('RIGHT_INVALID', { what });
}
