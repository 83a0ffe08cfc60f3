import { listCorrections, type Correction } from '../../client/records/corrections.ts';
import type { Chart } from '../../client/records/readChart.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
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
