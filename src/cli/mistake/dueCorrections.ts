import { listCorrections, type Correction } from '../../client/records/corrections.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { knownRights } from '../../client/party/knownRights.ts';
import { readChart, type Chart } from '../../client/records/readChart.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { findPatient, type PatientContact } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { readNamedId, withBeginning, type NamedId } from '../program/withBeginning.ts';
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
async function openCorrections(
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
 * Finds an objection on the chart that the widest right of the visitor opens, or on that of another one: the widest may leave its category
 * out.
 *
 * @param terminal - For progress.
 * @param id - The beginning of its id, or of the id of its record if that has one alone.
 * @param options - The chart, and the visitor.
 * @throws MedsealError `ARGUMENT_INVALID` if it is not an id, or several begin so; `NOT_FOUND`.
 */
export async function openCorrection(
  terminal: Terminal,
  id: string,
  options: ChartOptions,
): Promise<OpenedCorrection> {
  const named = readNamedId(id, 'objection');
  const opened = await openCorrections(terminal, options);
  const found = objectionNamed(opened.corrections, named);
  if (found !== undefined) return { ...opened, found };
  const beside = opened.patient.own ? undefined : await findBeside(opened, named);
  if (beside === undefined) throw new MedsealError('NOT_FOUND', { what: 'objection' });
  return { ...opened, ...beside };
}

/** Looks for an objection by the visitor's other rights on the chart, one after another. */
async function findBeside(
  { visitor: { party }, patient: { handle }, chart: { grant: used } }: OpenedCorrections,
  named: NamedId,
): Promise<Pick<OpenedCorrection, 'chart' | 'corrections' | 'found'> | undefined> {
  // A letter may have brought a right that covers it.
  await checkInbox(party).catch(() => undefined);
  const now = seconds(party.clock);
  const usedDigest = used && digestOf(party, 'Grant', used);
  for (const { grant, digest } of await knownRights(party)) {
    const { read, purpose, from, until } = grant.terms;
    if (grant.handle !== handle || digest === usedDigest) continue;
    // A request by one that has not begun, or ended, would leave a refusal in the patient's audit.
    if (!read || from > now || until <= now) continue;
    const { grant: known } = await confirmFacts(party, { grant: digest });
    if (known?.state !== 'active') continue;
    const chart = await readChart(party, { handle, grant, purpose });
    const corrections = await listCorrections(party, chart);
    const found = objectionNamed(corrections, named);
    if (found !== undefined) return { chart, corrections, found };
  }
  return undefined;
}

/** Finds an objection by its own id first, then by that of its record. */
function objectionNamed(all: readonly Correction[], named: NamedId): Correction | undefined {
  const [own] = withBeginning(named, all, ({ objection }) => objection.record);
  return own ?? withBeginning(named, all, ({ objection }) => objection.about)[0];
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
