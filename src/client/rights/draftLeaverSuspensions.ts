import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { mayAttest } from '../../protocol/care/mayAttest.ts';
import type { Suspension } from '../../protocol/struct/requests.ts';
import { MOST_DAYS } from './suspensionFile.ts';

const DAY = 24 * 3600;
/** Days that members have to sign once the organisation has left. */
const AFTERWARDS = 7;

/** Organisations that leave a network. */
export interface Leaving {
  readonly organisations: readonly Organisation[];
  /** First second at which they are no longer in it, Unix seconds. */
  readonly from: number;
}

/**
 * Drafts the suspensions of all who may attest births and deaths for organisations that leave: doctors and registrars. Nobody
 * has signed them. A party that is suspended already, or is of another organisation, is left out.
 *
 * @param parties - Parties as the Registry has them.
 * @param leaving - The organisations, and when they leave.
 * @param now - Unix seconds: members sign nothing that is good for more than 30 days.
 * @example
 * ```ts
 * const operator = httpOperator('http://127.0.0.1:9480', process.env['OPERATOR_CODE'] ?? '');
 * const parties = await operator.attesting('laboratory');
 * const now = Math.floor(Date.now() / 1000);
 * const leaving = { organisations: ['laboratory'], from: now };
 * console.log(`${draftLeaverSuspensions(parties, leaving, now).length} to suspend`);
 * ```
 */
export function draftLeaverSuspensions(
  parties: readonly PartyFacts[],
  { organisations, from }: Leaving,
  now: number,
): readonly Suspension[] {
  const deadline = Math.min(Math.max(from, now) + AFTERWARDS * DAY, now + MOST_DAYS * DAY);
  return parties
    .filter((each) => mayAttest(each) && organisations.includes(each.organisation))
    .filter(({ suspended }) => !suspended)
    .map(({ party, standing }) => ({ party, suspended: true, change: standing + 1, deadline }));
}
