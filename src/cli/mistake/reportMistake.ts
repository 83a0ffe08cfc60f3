import type { AuditEvent } from '../../client/audit/Audit.ts';
import { pairOfEvent } from '../../client/audit/pairOfEvent.ts';
import type { PairInSet } from '../../protocol/release/releasedView.ts';
import { readNamedId, withBeginning } from '../program/withBeginning.ts';
import { entryOfEvent } from '../../client/audit/entryOfEvent.ts';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import { reportMistake, type NewMistake } from '../../client/letters/mistakes.ts';
import { aboutEntry } from '../../client/letters/mistakeEntry.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findContact, findPatient, type PatientContact } from '../contact/findContact.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { findRecord, openChart } from '../record/chart.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { tellWaiting } from '../tellWaiting.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { mistakeForPrograms } from './describeMistake.ts';
import type { MISTAKE_SENT } from './mistakeAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { MISTAKE_REPORT } from './mistakeOptions.ts';

type ReportOptions = VisitorOptions & OptionsOf<typeof MISTAKE_REPORT>;

/** The beginning of each report in words. */
const SAYS = {
  mistake: (what: string) => `that ${what} is wrong`,
  question: (what: string) => `a question about ${what}`,
  renewal: (what: string) => `that you want the medicine of ${what} prescribed again`,
} as const;

/** An entry such as `care/hospital#12`. */
const PLACE = /^([a-z0-9-]+\/[a-z0-9-]+) ?#([0-9]{1,15})$/;

/**
 * Tells the author of a record version, or of an entry on the chart, that it is wrong.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `reportMistake` throws.
 */
export async function reportMistakeVerb(
  terminal: Terminal,
  what: string,
  options: ReportOptions,
): Promise<AnswerOf<typeof MISTAKE_SENT>> {
  const visitor = await openVisitor(terminal, options);
  const patient = await findPatient(visitor, undefined);
  const found = await findEntry(terminal, visitor, patient, what, options);
  const { party, key } = visitor;
  const { name } = await findContact(visitor, aboutEntry(party, found.entry, found.pair).author);
  await terminal.confirm([
    `You are about to send, as ${key.name} (${party.address}), to ${name} alone:`,
    '',
    `  ${SAYS[options.topic ?? 'mistake'](`${what}${found.pair ? `, record ${found.pair.record}` : ''}`)}: ${options.words}`,
  ]);
  terminal.progress.stage('sending the report');
  const mistake = await reportMistake(party, {
    ...found,
    words: options.words,
    topic: options.topic,
  });
  return {
    value: { mistake: mistakeForPrograms(mistake) },
    lines: [`The report went to ${name}.`, `Next: ${calledAs('inbox')} shows the answer.`],
  };
}

async function findEntry(
  terminal: Terminal,
  visitor: Visitor,
  patient: PatientContact,
  what: string,
  { record, version }: ReportOptions,
): Promise<FoundEntry> {
  const [, log, index] = PLACE.exec(what) ?? [];
  if (log === undefined) {
    if (record !== undefined) throw notOfSeveral();
    terminal.progress.stage('asking for the chart');
    const chart = await openChart(visitor, patient, {});
    return { entry: findRecord(chart, what, version).acknowledgement };
  }
  const having = { log, index: Number(index) };
  const audit = await examineAudit(visitor.party, { ...tellWaiting(terminal), having });
  const event = audit.logs
    .flatMap(({ events }) => events)
    .find((each) => each.log === log && each.index === Number(index));
  const entry = event && entryOfEvent(audit, event);
  if (event === undefined || entry === undefined) {
    throw new MedsealError('NOT_FOUND', { what: 'entry about your chart' });
  }
  return record === undefined
    ? { entry }
    : { entry, pair: findPair(visitor, event, record, version) };
}

/** An entry, and of a view of several records the one that it is about. */
type FoundEntry = Pick<NewMistake, 'entry' | 'pair'>;

/** Finds one record of a view of several by the beginning of its id; the newest of the versions that the view names. */
function findPair(
  { party }: Visitor,
  event: AuditEvent,
  id: string,
  version: number | undefined,
): PairInSet {
  if (event.body?.request.type !== 'ViewSet') throw notOfSeveral();
  const named = (event.pairs ?? []).flatMap((pair) => ('record' in pair ? [pair] : []));
  const [wanted] = withBeginning(readNamedId(id, 'record'), named, ({ record }) => record)
    .filter((pair) => version === undefined || pair.version === version)
    .toSorted((one, other) => other.version - one.version);
  const pair = wanted && pairOfEvent(party.primitives, event, wanted);
  if (pair === undefined) throw new MedsealError('NOT_FOUND', { what: 'record of the entry' });
  return pair;
}

function notOfSeveral(): MedsealError {
  const reason = 'name with it an entry that opened several records, such as care/hospital#12';
  return new MedsealError('ARGUMENT_INVALID', { argument: '--record', reason });
}
