import type { Mandate } from '../../protocol/care/mandates.ts';
import type { Party } from '../party/Party.ts';
import { recallState } from '../state/PatientState.ts';

/**
 * Returns the openings that nodes ask for beside a rule which a key signs that acts for a patient: its own mandate, and that of who
 * appointed it.
 *
 * @param party - The party that acts; of any other nothing is needed.
 */
export async function actingOpenings(
  party: Party,
): Promise<{ readonly mandates?: readonly Mandate[] }> {
  const { acting } = party;
  if (acting === undefined) return {};
  const { mandate, appointer } = acting;
  if (appointer === undefined) return { mandates: [mandate] };
  const { state } = (await recallState(party)) ?? {};
  const by = state?.mandates?.find((each) => each.mandate.key === appointer);
  return { mandates: by === undefined ? [mandate] : [mandate, by.mandate] };
}
