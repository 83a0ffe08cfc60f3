import {
  cancelPrescription,
  holdPrescription,
} from '../../client/care/prescriptions/changePrescription.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { PrescriptionFacts } from '../../protocol/care/prescriptions.ts';
import type { Party } from '../../client/party/Party.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { ChartOptions } from '../record/listRecords.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeState, inWords, prescriptionForPrograms } from './describePrescription.ts';
import { digestNamed } from './findPrescription.ts';
import type { PRESCRIPTION_TOLD } from './prescriptionAnswers.ts';

type Changed = AnswerOf<typeof PRESCRIPTION_TOLD>;

/**
 * Holds a prescription back.
 *
 * @throws MedsealError what `holdPrescription` throws.
 */
export async function holdVerb(
  terminal: Terminal,
  id: string,
  options: ChartOptions,
): Promise<Changed> {
  return await change(terminal, id, options, 'hold back', async (party, prescription) => {
    return await holdPrescription(party, prescription, true);
  });
}

/**
 * Lets a prescription go on that was held back.
 *
 * @throws MedsealError what `holdPrescription` throws.
 */
export async function resumeVerb(
  terminal: Terminal,
  id: string,
  options: ChartOptions,
): Promise<Changed> {
  return await change(terminal, id, options, 'let go on', async (party, prescription) => {
    return await holdPrescription(party, prescription, false);
  });
}

/**
 * Cancels a prescription.
 *
 * @throws MedsealError what `cancelPrescription` throws.
 */
export async function cancelVerb(
  terminal: Terminal,
  id: string,
  options: ChartOptions,
): Promise<Changed> {
  return await change(terminal, id, options, 'cancel for good', cancelPrescription);
}

async function change(
  terminal: Terminal,
  id: string,
  options: ChartOptions,
  what: string,
  make: (party: Party, prescription: Bytes32) => Promise<PrescriptionFacts>,
): Promise<Changed> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const prescription = await digestNamed(visitor, id, options);
  await confirmSigning(terminal, visitor, [`  ${what} the prescription ${short(prescription)}`]);
  terminal.progress.stage('waiting for the ledger');
  const facts = await make(party, prescription).catch((error: unknown) => {
    throw inWords(error);
  });
  return {
    value: prescriptionForPrograms(prescription, facts),
    lines: [`${short(prescription)}  ${describeState(facts, seconds(party.clock))}`],
  };
}
