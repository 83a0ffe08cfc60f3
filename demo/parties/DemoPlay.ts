import type { Party } from '../../src/client/party/Party.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { grantRight, type RightGiven } from '../../src/client/rights/grantRight.ts';
import { standingRights } from '../../src/client/rights/standingRights.ts';
import { handOver } from '../../src/client/letters/accessRequests.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { Handle } from '../../src/protocol/ids.ts';
import type { Grant } from '../../src/protocol/struct/requests.ts';
import type { DemoSteps } from './DemoSteps.ts';

/** A right of the demonstration, with the time for which it holds. */
export interface DemoRight extends Omit<RightGiven, 'grantee' | 'until' | 'from'> {
  /** Name of the grantee. */
  readonly to: string;
  /** Days from the moment at which the demonstration was filled. */
  readonly days: number;
}

/** The parties of a demonstration at their devices, and the steps that they have done. */
export interface DemoPlay {
  readonly steps: DemoSteps;
  /**
   * A party by its name.
   * @throws MedsealError `NOT_FOUND`.
   */
  party(name: string): Party;
}

/**
 * Returns the chart of a patient of the demonstration.
 *
 * @param play - The parties.
 * @param name - The patient's.
 */
export async function demoHandle(play: DemoPlay, name: string): Promise<Handle> {
  return (await readPatientState(play.party(name))).handle;
}

/**
 * Has a patient give a right and hand it over, once.
 *
 * @param play - The parties.
 * @param patient - The patient's name.
 * @param right - The right.
 */
export async function giveDemoRight(
  play: DemoPlay,
  patient: string,
  right: DemoRight,
): Promise<void> {
  const { to, days, ...terms } = right;
  const { steps } = play;
  await steps.once(`${patient} grants ${to}`, async () => {
    const party = play.party(patient);
    const until = steps.begun + days * 24 * 3600;
    const given: RightGiven = { ...terms, grantee: play.party(to).address, until };
    const [standing] = await standingRights(party, [given]);
    const known = standing ?? (await grantRight(party, given));
    await handOver(party, known);
  });
}

/**
 * Returns the newest right that a patient gave to somebody.
 *
 * @param play - The parties.
 * @param patient - The patient's name.
 * @param to - The grantee's.
 * @throws MedsealError `NOT_FOUND`.
 */
export async function demoGrant(play: DemoPlay, patient: string, to: string): Promise<Grant> {
  const { grants } = await readPatientState(play.party(patient));
  const grantee = play.party(to).address;
  const given = grants.findLast(({ grant }) => grant.terms.grantee === grantee);
  if (given === undefined)
    throw new MedsealError('NOT_FOUND', { what: 'right of the demonstration' });
  return given.grant;
}
