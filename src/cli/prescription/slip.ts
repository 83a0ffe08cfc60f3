import { passPrescription } from '../../client/care/prescriptions/readPrescriptions.ts';
import { formatSlip, type Slip } from '../../client/care/prescriptions/Slip.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { fitsQr } from '../../protocol/wire/qrCapacity.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeMedicine, inWords } from './describePrescription.ts';
import { findPrescription } from './findPrescription.ts';
import type { SLIP_MADE } from './prescriptionAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { PRESCRIPTION_SLIP } from './prescriptionOptions.ts';

type SlipOptions = VisitorOptions & OptionsOf<typeof PRESCRIPTION_SLIP>;

/**
 * Gives the patient what a pharmacy needs to dispense a prescription.
 *
 * @throws MedsealError `NOT_FOUND`; `SLIP_REPLACED` if another device gave it a key that this one does not know.
 */
export async function showSlip(
  terminal: Terminal,
  id: string,
  options: SlipOptions,
): Promise<AnswerOf<typeof SLIP_MADE>> {
  const visitor = await openVisitor(terminal, options);
  terminal.progress.stage('asking for the chart');
  const { digest, slip } = await findPrescription(visitor, id, options);
  if (slip === undefined) throw new MedsealError('SLIP_REPLACED', {});
  return await given(digest, slip, options);
}

/**
 * Gives a prescription another key: what was shown before opens nothing any more.
 *
 * @throws MedsealError what `passPrescription` throws.
 */
export async function pass(
  terminal: Terminal,
  id: string,
  options: SlipOptions,
): Promise<AnswerOf<typeof SLIP_MADE>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  terminal.progress.stage('asking for the chart');
  const listed = await findPrescription(visitor, id, options);
  await confirmSigning(terminal, visitor, [
    `  another key for ${describeMedicine(listed.message.terms)}`,
    '',
    'A pharmacy to which it was shown before has to see it again.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  const slip = await passPrescription(party, listed).catch((error: unknown) => {
    throw inWords(error);
  });
  return await given(listed.digest, slip, options);
}

async function given(
  prescription: Bytes32,
  slip: Slip,
  { out }: SlipOptions,
): Promise<AnswerOf<typeof SLIP_MADE>> {
  const text = formatSlip(slip);
  const note =
    'Whoever has it can read it, and a pharmacist can dispense it: show it to nobody else.';
  if (out === undefined) return { value: { prescription, slip: text }, lines: [text, note] };
  await writeFileWhole(out, `${text}\n`);
  const size = fitsQr(text) ? [] : ['It is too long for a QR code: give the pharmacy the file.'];
  return { value: { prescription, file: out }, lines: [`It is in ${out}. ${note}`, ...size] };
}
