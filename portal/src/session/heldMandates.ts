import {
  confirmFacts,
  listOffered,
  type MandateOffered,
  type Party,
} from '../../../src/client/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { Mandate, MandateFacts } from '../../../src/protocol/care/mandates.ts';
import { standsAt } from '../../../src/protocol/rights/judgeMandate.ts';
import { digestOf } from '../../../src/protocol/struct/signing.ts';

/** State of a mandate: offered and not given yet, in force, ended by somebody, or over by its date. */
export type MandateState = 'offered' | 'active' | 'ended' | 'over';

/** A mandate that a party offered on this device, and how it stands with it. */
export interface MandateHeld extends MandateOffered {
  readonly digest: MandateFacts['mandate'];
  readonly state: MandateState;
}

/**
 * Tells how it stands with a mandate.
 *
 * @param known - All that the ledger has on the chart.
 * @param digest - The mandate's.
 * @param opening - Its words; absent if no device knows them.
 * @param now - Unix seconds.
 */
export function stateOfMandate(
  known: readonly MandateFacts[],
  digest: MandateFacts['mandate'],
  opening: Mandate | undefined,
  now: number,
): MandateState {
  const facts = known.find(({ mandate }) => mandate === digest);
  if (opening !== undefined && opening.terms.until <= now) return 'over';
  if (facts === undefined)
    return opening === undefined || opening.deadline < now ? 'over' : 'offered';
  if (facts.state === 'ended') return 'ended';
  return standsAt(known, facts, now) ? 'active' : 'over';
}

/**
 * Returns the mandates that a party offered on this device, as k coordinators confirm them, the newest first.
 *
 * @param party - The representative.
 * @throws MedsealError what `confirmFacts` throws.
 */
export async function heldMandates(party: Party): Promise<readonly MandateHeld[]> {
  const offered = await listOffered(party);
  const handles = [...new Set(offered.map(({ mandate }) => mandate.handle))];
  const asked = handles.map(async (handle) => {
    const { patient } = await confirmFacts(party, { handle });
    return [handle, patient?.mandates ?? []] as const;
  });
  const known = new Map(await Promise.all(asked));
  const now = seconds(party.clock);
  return offered.map((each) => {
    const digest = digestOf(party, 'Mandate', each.mandate);
    const listed = known.get(each.mandate.handle) ?? [];
    return { ...each, digest, state: stateOfMandate(listed, digest, each.mandate, now) };
  });
}
