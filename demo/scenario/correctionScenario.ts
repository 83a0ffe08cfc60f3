import { addRecord } from '../../src/client/records/addRecord.ts';
import { answerObjection, disagreeWithAnswer } from '../../src/client/records/answerObjection.ts';
import { encodeObjectionAnswer } from '../../src/client/records/answerContent.ts';
import { listCorrections } from '../../src/client/records/corrections.ts';
import type { LoggedVersion } from '../../src/client/records/logVersion.ts';
import { objectToRecord } from '../../src/client/records/objectToRecord.ts';
import type { Chart } from '../../src/client/records/readChart.ts';
import type { ChartRecord } from '../../src/client/records/viewChart.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { Cast } from './Cast.ts';
import { readAfter } from './readAfter.ts';
import { stepOf } from './stepOf.ts';
import type { StepResult, StepRunner } from './StepRunner.ts';
import type { Visit } from './visitScenario.ts';

const PAPER = 'beyond P2';
const REASON = 'It is what I found.';

/**
 * Plays a correction: the patient objects to a record of the visit, its author declines with a reason, and the patient's statement of
 * disagreement stays beside it; nobody else answers, and nothing that nobody said.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices, enrolled.
 * @param visit - The visit whose record it is.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function correctionScenario(
  runner: StepRunner,
  { patient, doctor, specialist }: Cast,
  { handle, grant, records }: Visit,
): Promise<void> {
  const by = (name: string): Pick<StepResult, 'name' | 'paper' | 'party'> =>
    stepOf(name, PAPER, doctor);
  const own = async (after: readonly LoggedVersion[]): Promise<Chart> => {
    const places = after.map(({ acknowledgement }) => acknowledgement);
    return await readAfter(patient.party, { handle, purpose: 'PATRQT' }, places);
  };
  const theirs = async (after: LoggedVersion): Promise<Chart> => {
    const wanted = { handle, grant, purpose: 'TREAT' } as const;
    return await readAfter(doctor.party, wanted, [after.acknowledgement]);
  };
  const { record, objection } = await runner.accepted(
    stepOf('The patient objects to a record of the visit', PAPER, patient),
    async () => {
      const listed = recordIn(await own(records), records[0]);
      const words = 'That is wrong.';
      const added = await objectToRecord(patient.party, { record: listed, words });
      const chart = await own([added]);
      const [correction] = await listCorrections(patient.party, chart);
      if (correction === undefined) throw new MedsealError('NOT_FOUND', { what: 'objection' });
      const { due } = correction;
      const detail = `an answer is due by ${new Date(due * 1000).toISOString().slice(0, 10)}`;
      const value = { record: listed, objection: added };
      return { value, evidence: added.acknowledgement, detail };
    },
  );
  await runner.refused(
    stepOf('The patient disputes an answer that nobody gave', PAPER, patient),
    ['ARGUMENT_INVALID'],
    async () => {
      const chart = await own([objection]);
      const said = { objection: recordIn(chart, objection), words: 'No.' };
      return await disagreeWithAnswer(patient.party, chart, said);
    },
  );
  await runner.refused(
    stepOf('Another doctor declines it', PAPER, specialist),
    ['RIGHT_MISSING'],
    async () => {
      const chart = await theirs(objection);
      const said = { objection: recordIn(chart, objection), words: REASON };
      return await answerObjection(specialist.party, chart, said);
    },
  );
  await runner.refused(
    by('The doctor answers what nobody said'),
    ['REQUEST_MALFORMED'],
    async () => {
      const { category, record: about } = record;
      const content = encodeObjectionAnswer({ words: REASON });
      const terms = { handle, grant, category, content, purpose: 'TREAT' } as const;
      return await addRecord(doctor.party, { ...terms, about, answers: about });
    },
  );
  const answer = await runner.accepted(by('The doctor declines it with a reason'), async () => {
    const chart = await theirs(objection);
    const said = { objection: recordIn(chart, objection), words: REASON };
    const value = await answerObjection(doctor.party, chart, said);
    const detail = 'everyone who may read the record reads it';
    return { value, evidence: value.acknowledgement, detail };
  });
  await runner.accepted(
    stepOf('The patient’s statement of disagreement stays with the record', PAPER, patient),
    async () => {
      const chart = await own([answer]);
      const said = { objection: recordIn(chart, objection), words: 'I was not asked.' };
      const { acknowledgement } = await disagreeWithAnswer(patient.party, chart, said);
      return { value: undefined, evidence: acknowledgement, detail: 'it has no term' };
    },
  );
}

/** @throws MedsealError `NOT_FOUND`. */
function recordIn({ records }: Chart, logged: LoggedVersion | undefined): ChartRecord {
  const found = records.find((each) => each.record === logged?.record);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'record on the chart' });
  return found;
}
