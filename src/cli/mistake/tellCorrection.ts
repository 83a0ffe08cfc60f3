import { examineAudit } from '../../client/audit/examineAudit.ts';
import { readersToTell, tellReaders } from '../../client/letters/tellReaders.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { findRecord, openChart } from '../record/chart.ts';
import { tellWaiting } from '../tellWaiting.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { READERS_TOLD } from './mistakeAnswers.ts';

/**
 * Tells whoever read a record before it was amended that it was, by one letter each. Safe to repeat.
 *
 * @throws MedsealError `ARGUMENT_INVALID` for a record that nobody amended; what `examineAudit` throws.
 */
export async function tellCorrection(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof READERS_TOLD>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const patient = await findPatient(visitor, undefined);
  terminal.progress.stage('asking for the chart');
  const amended = findRecord(await openChart(visitor, patient, {}), id);
  if (amended.version === 1) {
    const reason = 'nobody amended it';
    throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason });
  }
  const audit = await examineAudit(party, tellWaiting(terminal));
  const names = await namesOf(visitor);
  const nameOf = (address: string): string => names.get(address) ?? short(address);
  const readers = [...(await readersToTell(party, audit, amended)).keys()];
  await terminal.confirm([
    `You are about to tell ${readers.map(nameOf).join(', ') || 'nobody'} that record ${short(amended.record)} was corrected`,
    'since they read it. The letter says nothing else.',
  ]);
  const { told, untold } = await tellReaders(party, audit, amended);
  return {
    value: { told, untold: untold.map(([reader]) => reader) },
    lines: [
      told.length === 0 ? 'Nobody had to be told.' : `Told: ${told.map(nameOf).join(', ')}.`,
      ...untold.map(([reader, { message }]) => `${nameOf(reader)} could not be told: ${message}`),
    ],
    again: untold.length > 0,
  };
}
