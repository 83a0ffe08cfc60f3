import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, Handle } from '../ids.ts';
import { parseMessage } from '../struct/parseSigned.ts';
import type { RulesView } from '../rights/RulesView.ts';
import { digestOf, type SigningContext } from '../struct/signing.ts';
import type { Will } from './vitalRecords.ts';

/**
 * Requires that a grant gives reading: a confirmed death ends every grant, but for those that the patient's will names,
 * for as long as it says. A death that is undone ends nothing.
 *
 * @param context - Domain and primitives.
 * @param view - The rules as of a block.
 * @param right - The chart, the grant, the opening of the will as presented, and the moment in Unix seconds.
 * @returns First second at which it gives reading no more for that reason, Unix seconds; `Infinity` for a living patient.
 * @throws MedsealError `RIGHT_ENDED`; `REQUEST_MALFORMED` for a malformed will.
 */
export function requireSurviving(
  context: SigningContext,
  view: RulesView,
  right: {
    readonly handle: Handle;
    readonly grant: Bytes32;
    readonly will: Will | undefined;
    readonly at: number;
  },
): number {
  const life = view.life(right.handle);
  if (life.death.stage !== 'confirmed') return Infinity;
  if (isNewestWill(context, view, right.handle, right.will)) {
    const { grants, lasts } = parseMessage('Will', right.will).terms;
    const until = (life.death.since ?? 0) + lasts;
    if (grants.includes(right.grant) && right.at < until) return until;
  }
  throw new MedsealError('RIGHT_ENDED', {});
}

/**
 * Tells whether an opening is that of the newest will of a patient.
 *
 * @param context - Domain and primitives.
 * @param view - The rules as of a block.
 * @param handle - The patient.
 * @param will - The opening, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function isNewestWill(
  context: SigningContext,
  view: RulesView,
  handle: Handle,
  will: unknown,
): boolean {
  if (will === undefined) return false;
  return digestOf(context, 'Will', parseMessage('Will', will)) === view.life(handle).will;
}
