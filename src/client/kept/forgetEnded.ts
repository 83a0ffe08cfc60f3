import { ZERO32 } from '../../protocol/ids.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { forgetKept, keptPlaces } from './keptIndex.ts';

/**
 * Has a device that reaches a network again delete what it keeps under rights that coordinators confirm to have ended, or all of
 * it if its party is suspended. It asks about its rights, and views nothing.
 *
 * @param party - The device.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`, as `confirmFacts` does; what was confirmed before is deleted.
 * @example
 * ```ts
 * await forgetEnded(doctor);
 * console.log(`${(await listKept(doctor)).length} records are kept`);
 * ```
 */
export async function forgetEnded(party: Party): Promise<void> {
  const places = await keptPlaces(party);
  for (const grant of new Set(places.map((place) => place.grant))) {
    const isOwn = grant === ZERO32;
    const { party: facts, grant: right } = await confirmFacts(party, {
      party: party.address,
      ...(!isOwn && { grant }),
    });
    const isOver = facts?.suspended === true || (!isOwn && right?.state === 'ended');
    if (isOver) await forgetKept(party, (place) => place.grant === grant);
  }
}
