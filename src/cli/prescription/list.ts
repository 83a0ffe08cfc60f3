import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { addDispenses } from '../../client/care/prescriptions/addDispenses.ts';
import { findStrayPrescriptions } from '../../client/care/prescriptions/findStrayPrescriptions.ts';
import { unreadLine } from '../unreadLine.ts';
import { readPrescriptions } from '../../client/care/prescriptions/readPrescriptions.ts';
import { seconds } from '../../protocol/Clock.ts';
import { findPatient } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { openChart } from '../record/chart.ts';
import type { ChartOptions } from '../record/listRecords.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import {
  describeMedicine,
  describeState,
  prescriptionForPrograms,
} from './describePrescription.ts';
import type { PRESCRIPTIONS_LISTED } from './prescriptionAnswers.ts';

/**
 * Lists the prescriptions of a chart, with what became of each; on the visitor's own chart it takes the letters of
 * pharmacists first.
 */
export async function listPrescriptions(
  terminal: Terminal,
  options: ChartOptions,
): Promise<AnswerOf<typeof PRESCRIPTIONS_LISTED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const patient = await findPatient(visitor, options.patient);
  const { own } = patient;
  terminal.progress.stage('asking for the chart');
  if (own) await checkInbox(party);
  const chart = await openChart(visitor, patient, options);
  const read = await readPrescriptions(party, chart);
  const { prescriptions: all, unread } = read;
  const strays = await findStrayPrescriptions(party, chart, read);
  const added = own ? await addDispenses(party, all) : [];
  const at = seconds(party.clock);
  const lines = all.map(({ digest, message, facts }) => {
    const state = describeState(facts, at);
    return `${short(digest)}  ${describeMedicine(message.terms)}: ${state}`;
  });
  return {
    value: {
      prescriptions: all.flatMap(({ digest, message, facts, slip }) => {
        if (facts === undefined) return [];
        const { medicine, unit } = message.terms;
        const told = prescriptionForPrograms(digest, facts);
        return [{ ...told, medicine, unit, mine: slip !== undefined }];
      }),
      unissued: all.flatMap(({ message: { terms }, facts }) => {
        return facts === undefined ? [{ record: terms.record, medicine: terms.medicine }] : [];
      }),
      strays: strays.map(({ digest, facts, record }) => {
        return { ...prescriptionForPrograms(digest, facts), record };
      }),
      added: added.length,
      unread: unread.length,
    },
    lines: [
      ...(lines.length === 0 ? ['There are no prescriptions on this chart.'] : lines),
      ...strays.map(({ digest, facts }) => {
        const state = describeState(facts, at);
        return `${short(digest)}  not as the chart has it, prescribed by ${facts.prescriber}: ${state}`;
      }),
      ...unreadLine(unread.length),
      ...(added.length === 0 ? [] : [`Dispenses that are new on your chart: ${added.length}`]),
    ],
  };
}
