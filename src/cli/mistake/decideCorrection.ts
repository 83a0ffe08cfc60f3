import { answerObjection, disagreeWithAnswer } from '../../client/records/answerObjection.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { describePurpose, short } from '../describeBody.ts';
import { confirmSigningOn } from '../home/confirmSigning.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import { relianceFor } from '../record/chart.ts';
import type { ChartOptions } from '../record/listRecords.ts';
import type { RECORDS_ADDED } from '../record/recordAnswers.ts';
import { showAdded } from '../record/showAdded.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { openCorrection } from './dueCorrections.ts';
import { noteUntold } from './noteUntold.ts';
import type { CORRECTION_DECIDED, CORRECTION_DISPUTED } from './mistakeOptions.ts';

/**
 * Answers an objection to a record that the visitor began: a version amends it, or the visitor declines with a reason.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `answerObjection` throws.
 */
export async function decideCorrection(
  terminal: Terminal,
  id: string,
  options: ChartOptions & OptionsOf<typeof CORRECTION_DECIDED>,
): Promise<AnswerOf<typeof RECORDS_ADDED>> {
  const { words, amended: version } = options;
  if (words === undefined && version === undefined) {
    const reason = 'give the reason for which you decline, or the version that amends the record';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--words', reason });
  }
  const { visitor, patient, chart, found } = await openCorrection(terminal, id, options);
  const { objection } = found;
  const { category, about } = objection;
  const wanted = { action: 'add', category, record: about } as const;
  const { right, purpose } = await relianceFor(visitor, patient, {
    ...wanted,
    ...(options.purpose && { purpose: options.purpose }),
  });
  const says = version === undefined ? 'decline to amend' : `say that version ${version} amends`;
  await confirmSigningOn(terminal, visitor, `on the chart of ${patient.name}`, [
    `  ${says} record ${short(about)} (${category})${words === undefined ? '' : `: ${words}`}`,
    '  all who may read that record read it',
    `  for ${describePurpose(purpose)}`,
  ]);
  terminal.progress.stage('sealing');
  const by = { ...chart, purpose, ...(right && { grant: right.grant }) };
  const answer = { objection, version, words };
  const added = await answerObjection(visitor.party, by, answer);
  noteUntold(terminal, added.untold);
  return await showAdded(
    terminal,
    visitor.party,
    patient.handle,
    [{ ...added, category }],
    options,
  );
}

/**
 * Puts a statement of disagreement with an answer on the visitor's own chart.
 *
 * @throws MedsealError what `disagreeWithAnswer` throws.
 */
export async function disputeCorrection(
  terminal: Terminal,
  id: string,
  options: Omit<ChartOptions, 'patient' | 'purpose'> & OptionsOf<typeof CORRECTION_DISPUTED>,
): Promise<AnswerOf<typeof RECORDS_ADDED>> {
  const { words } = options;
  const { visitor, patient, chart, found } = await openCorrection(terminal, id, options);
  const { objection } = found;
  const { category, about } = objection;
  await confirmSigningOn(terminal, visitor, 'on your own chart', [
    `  that you disagree with the answer about record ${short(about)} (${category}): ${words}`,
    '  it stays with the record, and all who may read that record read it',
  ]);
  terminal.progress.stage('sealing');
  const added = await disagreeWithAnswer(visitor.party, chart, { objection, words });
  return await showAdded(
    terminal,
    visitor.party,
    patient.handle,
    [{ ...added, category }],
    options,
  );
}
