import { dispense } from '../../client/care/prescriptions/dispense.ts';
import { readSlip } from '../../client/care/prescriptions/readSlip.ts';
import { directionsIn } from '../../client/care/prescriptions/prescriptionFile.ts';
import { parseSlip, type SlipPerson } from '../../client/care/prescriptions/Slip.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { seconds } from '../../protocol/Clock.ts';
import { leftOf } from '../../protocol/care/dispenseRefusal.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import {
  describeMedicine,
  describeState,
  inWords,
  prescriptionForPrograms,
} from './describePrescription.ts';
import type { DISPENSE_DONE, SLIP_TOLD } from './prescriptionAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { PRESCRIPTION_DISPENSE } from './prescriptionOptions.ts';

/**
 * Reads a prescription that a patient shows, and compares it with the ledger.
 *
 * @throws MedsealError what `readSlip` throws.
 */
export async function readShown(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof SLIP_TOLD>> {
  const slip = parseSlip(await readGivenText(file));
  const { party } = await openVisitor(terminal, options);
  terminal.progress.stage('asking the ledger');
  const { digest, facts } = await readSlip(party, slip);
  const { medicine, unit } = slip.prescription.terms;
  const dosage = directionsIn(slip.request);
  return {
    value: { ...prescriptionForPrograms(digest, facts), medicine, unit, dosage },
    lines: [
      describeMedicine(slip.prescription.terms),
      ...(slip.person ? [describePerson(slip.person)] : []),
      visibleText(dosage, 1400),
      `${describeState(facts, seconds(party.clock))}; at most ${leftOf(facts)} × ${visibleText(unit, 96)} now`,
    ],
  };
}

/**
 * Dispenses a part of a prescription that a patient shows.
 *
 * @throws MedsealError what `dispense` throws.
 */
export async function dispenseVerb(
  terminal: Terminal,
  file: string,
  options: VisitorOptions & OptionsOf<typeof PRESCRIPTION_DISPENSE>,
): Promise<AnswerOf<typeof DISPENSE_DONE>> {
  const slip = parseSlip(await readGivenText(file));
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { amount, note } = options;
  const { digest } = await readSlip(party, slip);
  const { terms } = slip.prescription;
  await confirmSigning(terminal, visitor, [
    `  dispense ${amount} × ${visibleText(terms.unit, 96)} of ${describeMedicine(terms)}`,
    `  ${visibleText(directionsIn(slip.request), 1400)}`,
  ]);
  terminal.progress.stage('waiting for the ledger');
  const part = { amount, ...(note !== undefined && { note }) };
  const { facts, returned, already } = await dispense(party, slip, part).catch((error: unknown) => {
    throw inWords(error);
  });
  return {
    value: { ...prescriptionForPrograms(digest, facts), amountNow: amount, returned, already },
    lines: [
      already ? 'It had been dispensed: an earlier run was cut off.' : 'It is dispensed.',
      describeState(facts, seconds(party.clock)),
      returned === 'chart' ? 'It is on the chart.' : 'The patient gets it in a letter.',
    ],
  };
}

function describePerson({ name, born }: SlipPerson): string {
  const said = born === undefined ? '' : `, born ${born}`;
  return `for ${visibleText(name, 120)}${said}, as whoever shows it states: ask the person for both`;
}
