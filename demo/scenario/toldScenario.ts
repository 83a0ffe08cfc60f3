import { examineAudit } from '../../src/client/audit/examineAudit.ts';
import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import { readMistakes } from '../../src/client/letters/keptMistakes.ts';
import { tellReaders } from '../../src/client/letters/tellReaders.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { answerObjection } from '../../src/client/records/answerObjection.ts';
import { listCorrections } from '../../src/client/records/corrections.ts';
import type { LoggedVersion } from '../../src/client/records/logVersion.ts';
import { objectToRecord } from '../../src/client/records/objectToRecord.ts';
import type { Chart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { grantRight, type GrantGiven } from '../../src/client/rights/grantRight.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { answerDue } from '../../src/protocol/network/answerDue.ts';
import type { Action } from '../../src/protocol/vocabulary.ts';
import type { CastMember, CustodyCast } from './Cast.ts';
import { listedAs, missing } from './chartLetters.ts';
import type { PassTime } from './HeldClock.ts';
import { readAfter } from './readAfter.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

const PAPER = 'term';
const CATEGORY = 'reports';
const DAY = 86_400;

/** A record that is wrong, the rights to it, and the objection. */
interface Wrong {
  /** The author's right. */
  readonly writing: GrantGiven;
  /** The right of the aunt, who reads it, and may write herself. */
  readonly reading: GrantGiven;
  readonly record: LoggedVersion;
  readonly objection: LoggedVersion;
}

/**
 * Plays a correction that comes late: the term passes, the author amends, and who read the version before is told once. No right of it
 * stands at its end.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices.
 * @param passTime - Lets days pass; the author answers in time if absent.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function toldScenario(
  runner: StepRunner,
  cast: CustodyCast,
  passTime?: PassTime,
): Promise<void> {
  const wrong = await writeAndObject(runner, cast);
  await refuseAnswers(runner, cast, wrong);
  if (passTime !== undefined) await letPass(runner, cast, wrong, passTime);
  const amended = await amend(runner, cast, wrong);
  await tell(runner, cast, amended);
  for (const { digest } of [wrong.writing, wrong.reading])
    await revokeRight(cast.son.party, digest);
}

async function writeAndObject(
  runner: StepRunner,
  { son, doctor, aunt }: CustodyCast,
): Promise<Wrong> {
  const writing = await give(son, doctor, ['read', 'add', 'amend']);
  const reading = await give(son, aunt, ['read', 'add']);
  const record = await runner.accepted(
    stepOf('The doctor writes a report, which is wrong', PAPER, doctor),
    async () => {
      const value = await write(doctor, writing, 'Asthma.');
      return { value, evidence: value.acknowledgement };
    },
  );
  await runner.accepted(
    stepOf('The aunt reads it by a right of her own', PAPER, aunt),
    async () => {
      const chart = await chartOf(aunt, reading, record);
      const read = await readRecord(aunt.party, chart, listedAs(chart, record));
      return { value: undefined, evidence: read.acknowledgement };
    },
  );
  const objection = await runner.accepted(stepOf('The son objects to it', PAPER, son), async () => {
    const chart = await own(son, record);
    const words = 'I have never had asthma.';
    const value = await objectToRecord(son.party, { record: listedAs(chart, record), words });
    const detail = `its author has ${termOf(son) / DAY} days`;
    return { value, evidence: value.acknowledgement, detail };
  });
  return { writing, reading, record, objection };
}

async function refuseAnswers(
  runner: StepRunner,
  { son, doctor, aunt }: CustodyCast,
  { writing, reading, objection }: Wrong,
): Promise<void> {
  const words = 'It is right.';
  await runner.refused(
    stepOf('Another who may add reports answers it', PAPER, aunt),
    ['LINE_OF_ANOTHER'],
    async () => {
      const chart = await chartOf(aunt, reading, objection);
      const said = { objection: listedAs(chart, objection), words };
      return await answerObjection(aunt.party, chart, said);
    },
  );
  await runner.refused(
    stepOf('The son answers himself', PAPER, son),
    ['ARGUMENT_INVALID'],
    async () => {
      const chart = await own(son, objection);
      const said = { objection: listedAs(chart, objection), words };
      return await answerObjection(son.party, chart, said);
    },
  );
  await runner.refused(
    stepOf('The author says that a version amends it, which nobody wrote', PAPER, doctor),
    ['ARGUMENT_INVALID'],
    async () => {
      const chart = await chartOf(doctor, writing, objection);
      const said = { objection: listedAs(chart, objection), version: 2 };
      return await answerObjection(doctor.party, chart, said);
    },
  );
}

async function letPass(
  runner: StepRunner,
  { son, doctor }: CustodyCast,
  { writing, objection }: Wrong,
  passTime: PassTime,
): Promise<void> {
  passTime(termOf(son) + 1);
  for (const [name, by, chartAt] of [
    ['The term passes: the son sees that it is overdue', son, own],
    ['So does its author', doctor, async (at, after) => await chartOf(at, writing, after)],
  ] as const satisfies readonly (readonly [
    string,
    CastMember,
    (at: CastMember, after: LoggedVersion) => Promise<Chart>,
  ])[]) {
    await runner.accepted(stepOf(name, PAPER, by), async () => {
      const all = await listCorrections(by.party, await chartAt(by, objection));
      const found = all.find((each) => each.objection.record === objection.record);
      if (found?.state !== 'overdue') throw missing('overdue objection');
      return { value: undefined, detail: `due ${new Date(found.due * 1000).toISOString()}` };
    });
  }
}

async function amend(
  runner: StepRunner,
  { doctor }: CustodyCast,
  { writing, record, objection }: Wrong,
): Promise<LoggedVersion> {
  return await runner.accepted(
    stepOf('The author amends it, and says so', PAPER, doctor),
    async () => {
      const value = await write(doctor, writing, 'No asthma.', record);
      const chart = await chartOf(doctor, writing, value);
      const said = { objection: listedAs(chart, objection), version: value.version };
      const { acknowledgement } = await answerObjection(doctor.party, chart, said);
      return { value, evidence: acknowledgement, detail: 'late is better than never' };
    },
  );
}

async function tell(
  runner: StepRunner,
  { son, doctor, aunt }: CustodyCast,
  amended: LoggedVersion,
): Promise<void> {
  const { handle } = await readPatientState(son.party);
  const tellAll = async (): Promise<readonly string[]> => {
    const listed = listedAs(await own(son, amended), amended);
    return (await tellReaders(son.party, await examineAudit(son.party), listed)).told;
  };
  await runner.refused(
    stepOf('The author asks who read it, in the place of the patient', PAPER, doctor),
    ['RIGHT_MISSING'],
    async () => await examineAudit(doctor.party, { handle }),
  );
  await runner.accepted(
    stepOf('The son tells who read it before: the aunt alone', PAPER, son),
    async () => {
      const told = await tellAll();
      if (told.length !== 1 || told[0] !== aunt.party.address) throw missing('reader to tell');
      return { value: undefined, detail: 'his audit knows her' };
    },
  );
  await runner.accepted(
    stepOf('She finds the letter, and nobody is told twice', PAPER, aunt),
    async () => {
      await checkInbox(aunt.party);
      const letters = (await readMistakes(aunt.party)).filter(({ about, topic }) => {
        return topic === 'correction' && about.record === amended.record;
      });
      if (letters.length !== 1 || (await tellAll()).length > 0) throw missing('one letter');
      return { value: undefined };
    },
  );
}

/** Seconds that an author has for an answer. */
function termOf({ party: { network, clock } }: CastMember): number {
  const now = seconds(clock);
  return answerDue(network, now) - now;
}

async function give(
  patient: CastMember,
  { party }: CastMember,
  actions: readonly Action[],
): Promise<GrantGiven> {
  return await grantRight(patient.party, {
    grantee: party.address,
    categories: [CATEGORY],
    actions,
    purpose: 'TREAT',
    until: seconds(patient.party.clock) + termOf(patient) + DAY,
  });
}

async function write(
  { party }: CastMember,
  { grant }: GrantGiven,
  text: string,
  amends?: LoggedVersion,
): Promise<LoggedVersion> {
  const { handle, terms } = grant;
  return await addRecord(party, {
    handle,
    category: CATEGORY,
    content: utf8ToBytes(text),
    purpose: terms.purpose,
    grant,
    ...(amends && { amends }),
  });
}

async function own({ party }: CastMember, after: LoggedVersion): Promise<Chart> {
  const { handle } = await readPatientState(party);
  return await readAfter(party, { handle, purpose: 'PATRQT' }, [after.acknowledgement]);
}

async function chartOf(
  { party }: CastMember,
  { grant }: GrantGiven,
  after: LoggedVersion,
): Promise<Chart> {
  const wanted = { handle: grant.handle, grant, purpose: 'TREAT' } as const;
  return await readAfter(party, wanted, [after.acknowledgement]);
}
