import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import { handOver } from '../../src/client/letters/accessRequests.ts';
import { readMistakes } from '../../src/client/letters/keptMistakes.ts';
import { sendLetter } from '../../src/client/letters/letters.ts';
import { answerMistake } from '../../src/client/letters/mistakes.ts';
import { askAboutRight, extendRight } from '../../src/client/letters/rightReports.ts';
import { knownRights } from '../../src/client/party/knownRights.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { longestRightOf } from '../../src/protocol/network/longestRightOf.ts';
import type { Cast } from './Cast.ts';
import { stepOf as step } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

const HOUR = 3600;
const MONTH = 30 * 24 * HOUR;
const WORDS = 'The wound needs another month.';

/**
 * Plays messages about a right: its grantee asks for more time, the patient asks why, and what nobody may ask or give. No right
 * of it stands at its end.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function extensionScenario(
  runner: StepRunner,
  { patient, doctor, specialist }: Cast,
): Promise<void> {
  const now = seconds(patient.party.clock);
  const first = await grantRight(patient.party, {
    grantee: doctor.party.address,
    categories: ['vitals'],
    actions: ['read'],
    purpose: 'TREAT',
    until: now + HOUR,
  });
  await handOver(patient.party, first);
  await checkInbox(doctor.party);
  const { digest: right } = first;
  const asked = { right, words: WORDS, until: now + MONTH };
  await runner.refused(
    step('The other doctor asks to extend the right of the first', 'beyond P2', specialist),
    ['NOT_FOUND'],
    async () => {
      const id = bytesToHex(specialist.party.random(32));
      const mistake = { id, ...asked, topic: 'extension', at: now } as const;
      await sendLetter(specialist.party, patient.party.address, { mistake });
      await checkInbox(patient.party);
      return await extendRight(patient.party, { id });
    },
  );
  await runner.refused(
    step('The doctor asks for longer than the network allows', 'beyond P2', doctor),
    ['RIGHT_INVALID'],
    async () => {
      const until = now + longestRightOf(doctor.party.network) + HOUR;
      return await askAboutRight(doctor.party, { ...asked, until });
    },
  );
  const extended = await runner.accepted(
    step('The doctor asks for another month, and the patient gives it', 'beyond P2', patient),
    async () => {
      const { id } = await askAboutRight(doctor.party, asked);
      await checkInbox(patient.party);
      const { answer } = await extendRight(patient.party, { id });
      await checkInbox(doctor.party);
      const known = (await knownRights(doctor.party)).find(
        ({ digest }) => digest === answer?.grant,
      );
      if (known === undefined) throw new MedsealError('RIGHT_MISSING', {});
      return { value: known, detail: 'the same terms, until the wished end' };
    },
  );
  await runner.accepted(
    step('The patient asks why the right is needed, and the doctor answers', 'beyond P2', patient),
    async () => {
      const words = 'Why do you need this?';
      const { id } = await askAboutRight(patient.party, { right: extended.digest, words });
      await checkInbox(doctor.party);
      await answerMistake(doctor.party, { id, words: 'To follow the wound.' });
      await checkInbox(patient.party);
      const known = (await readMistakes(patient.party)).find((each) => each.id === id);
      if (known?.answer === undefined) throw new MedsealError('NOT_FOUND', { what: 'answer' });
      return { value: undefined, detail: 'by letters that nobody else can read' };
    },
  );
  for (const { digest } of [first, extended]) await revokeRight(patient.party, digest);
  await runner.refused(
    step('The doctor asks to extend a right that the patient ended', 'beyond P2', doctor),
    ['RIGHT_ENDED'],
    async () =>
      await askAboutRight(doctor.party, {
        ...asked,
        right: extended.digest,
        until: now + 2 * MONTH,
      }),
  );
}
