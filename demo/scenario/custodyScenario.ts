import { isGuarded } from '../../src/protocol/release/isGuarded.ts';
import type { AuthorityKey } from '../../src/client/rights/signByMembers.ts';
import type { CustodyCast } from './Cast.ts';
import { commitWhereFresh, enrolWhereFresh } from './enrolWhereFresh.ts';
import type { PassTime } from './HeldClock.ts';
import { mandateScenario } from './mandateScenario.ts';
import { recoveryScenario } from './recoveryScenario.ts';
import type { StepRunner } from './StepRunner.ts';
import { takeoverScenario } from './takeoverScenario.ts';
import { toldScenario } from './toldScenario.ts';

/**
 * Plays custody, each part with what must be refused: somebody acts for a patient, a key is lost, and a record is corrected in its term.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices; those who are new are enrolled first.
 * @param authority - Keys of its members; with fewer than sign together, no key is recovered.
 * @param passTime - Lets days pass; absent for a network that others use too, on which what needs them is left out.
 * @param onAct - Told the title of each part when it begins.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function custodyScenario(
  runner: StepRunner,
  cast: CustodyCast,
  authority: readonly AuthorityKey[],
  passTime?: PassTime,
  onAct: (title: string) => Promise<void> = async () => await Promise.resolve(),
): Promise<void> {
  const { son, mother, aunt, doctor, locum } = cast;
  await onAct('Acting for a patient');
  for (const actor of [son, mother, aunt, doctor]) await enrolWhereFresh(runner, actor);
  await commitWhereFresh(runner, son);
  await mandateScenario(runner, cast, passTime);
  if (locum !== undefined && authority.length >= son.party.network.authority.threshold) {
    await onAct('A lost key');
    await enrolWhereFresh(runner, locum);
    await recoveryScenario(runner, { ...cast, locum }, authority, passTime);
    if (passTime !== undefined && isGuarded(son.party.network)) {
      await commitWhereFresh(runner, mother);
      await takeoverScenario(runner, { patient: mother, stranger: doctor }, authority, passTime);
    }
  }
  await onAct('A correction in its term');
  await toldScenario(runner, cast, passTime);
}
