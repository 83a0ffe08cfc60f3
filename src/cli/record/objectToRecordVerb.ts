import { objectToRecord } from '../../client/records/objectToRecord.ts';
import { findPatient } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { noteUntold } from '../mistake/noteUntold.ts';
import { confirmSigningOn } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { findRecord, openChart } from './chart.ts';
import type { RECORDS_ADDED } from './recordAnswers.ts';
import { showAdded } from './showAdded.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RECORD_OBJECT } from './recordOptions.ts';

/**
 * Puts what a patient says against a record of their own chart beside it. Safe to repeat.
 *
 * @throws MedsealError what `objectToRecord` throws.
 */
export async function objectToRecordVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof RECORD_OBJECT>,
): Promise<AnswerOf<typeof RECORDS_ADDED>> {
  const visitor = await openVisitor(terminal, options);
  const patient = await findPatient(visitor, undefined);
  const { party } = visitor;
  terminal.progress.stage('asking for the chart');
  const record = findRecord(await openChart(visitor, patient, {}), id);
  const { category } = record;
  await confirmSigningOn(terminal, visitor, 'on your own chart', [
    `  an objection to record ${short(record.record)} (${category}): ${options.words}`,
    '  all who may read that record read it',
  ]);
  terminal.progress.stage('sealing');
  const added = await objectToRecord(party, { record, words: options.words });
  noteUntold(terminal, added.untold);
  return await showAdded(terminal, party, patient.handle, [{ ...added, category }], options);
}
