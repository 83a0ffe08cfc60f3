import { listCorrections, type Correction } from '../../client/records/corrections.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { knownRights } from '../../client/party/knownRights.ts';
import { readChart, type Chart } from '../../client/records/readChart.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { findPatient, type PatientContact } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { readNamedId, withBeginning } from '../program/withBeginning.ts';
import { openChart } from '../record/chart.ts';
import type { ChartOptions } from '../record/listRecords.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CORRECTION, CORRECTIONS_LISTED } from './mistakeAnswers.ts';

/** A chart with the objections to its records. */
interface OpenedCorrections {
  readonly visitor: Visitor;
  readonly patient: PatientContact;
  readonly chart: Chart;
  readonly corrections: readonly Correction[];
}

/**
 * Opens a chart, and lists the objections to its records.
 *
 * @param terminal - For progress.
 * @param options - The chart, and the visitor.
 */
export async function openCorrections(
  terminal: Terminal,
  options: ChartOptions,
): Promise<OpenedCorrections> {
  const visitor = await openVisitor(terminal, options);
  const patient = await findPatient(visitor, options.patient);
  terminal.progress.stage('asking for the chart');
  const chart = await openChart(visitor, patient, options);
  const corrections = await listCorrections(visitor.party, chart);
  return { visitor, patient, chart, corrections };
}

/** A chart by a right that covers an objection, and that objection. */
interface OpenedCorrection extends OpenedCorrections {
  readonly found: Correction;
}

/**
 * Opens a chart by whichever right of the visitor covers an objection: the widest one may leave its category out.
 *
 * @param terminal - For progress.
 * @param id - As it was typed.
 * @param options - The chart, and the visitor.
 * @throws MedsealError `ARGUMENT_INVALID` if it is not an id, or several begin so; `NOT_FOUND`.
 */
export async function openCorrection(
  terminal: Terminal,
  id: string,
  options: ChartOptions,
): Promise<OpenedCorrection> {
  const opened = await openCorrections(terminal, options);
  const { visitor, patient, chart } = opened;
  try {
    return { ...opened, found: findObjection(opened.corrections, id) };
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND') || patient.own) throw error;
    const { party } = visitor;
    const { handle } = patient;
    // A letter may have brought a right that covers it.
    await checkInbox(party).catch(() => undefined);
    for (const { grant, digest } of await knownRights(party)) {
      const { read, purpose, until } = grant.terms;
      if (grant.handle !== handle || !read || until <= seconds(party.clock)) continue;
      if (chart.grant && digest === digestOf(party, 'Grant', chart.grant)) continue;
      // A request by one that ended would leave a refusal in the patient's audit.
      const { grant: known } = await confirmFacts(party, { grant: digest });
      if (known?.state !== 'active') continue;
      const other = await readChart(party, { handle, grant, purpose });
      const corrections = await listCorrections(party, other);
      const [found] = withBeginning(readNamedId(id, 'objection'), corrections, ({ objection }) =>
        objection.record.startsWith(id) ? objection.record : objection.about,
      );
      if (found !== undefined) return { ...opened, chart: other, corrections, found };
    }
    throw error;
  }
}

/**
 * Finds an objection by the beginning of its id, or of the id of its record if that has one alone.
 *
 * @param corrections - As the chart lists them.
 * @param id - As it was typed.
 * @throws MedsealError `ARGUMENT_INVALID` if it is not an id, or several begin so; `NOT_FOUND`.
 */
export function findObjection(corrections: readonly Correction[], id: string): Correction {
  const named = readNamedId(id, 'objection');
  const byOwn = withBeginning(named, corrections, ({ objection }) => objection.record);
  const [found] =
    byOwn.length > 0
      ? byOwn
      : withBeginning(named, corrections, ({ objection }) => objection.about);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'objection' });
  return found;
}

/** Lists the objections to the records of a chart, with the date by which an answer is due. */
export async function dueCorrections(
  terminal: Terminal,
  options: ChartOptions,
): Promise<AnswerOf<typeof CORRECTIONS_LISTED>> {
  const { patient, corrections } = await openCorrections(terminal, options);
  const rows = corrections.map(({ objection, due, state }) => [
    short(objection.record),
    short(objection.about),
    state,
    describeMoment(due),
  ]);
  return {
    value: { handle: patient.handle, objections: corrections.map(forPrograms) },
    lines:
      rows.length === 0
        ? [`Nobody objects to a record of the chart of ${patient.name}.`]
        : table(['objection', 'record', 'state', 'due'], rows),
  };
}

function forPrograms({
  objection,
  due,
  state,
  answer,
  statement,
}: Correction): Of<typeof CORRECTION> {
  const beside = {
    ...(answer && { answer: answer.record }),
    ...(statement && { statement: statement.record }),
  };
  return { objection: objection.record, record: objection.about, due, state, ...beside };
}
