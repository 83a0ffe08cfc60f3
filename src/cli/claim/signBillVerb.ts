import { formatBill, signBill } from '../../client/care/claims/bills.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findPatient } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { describeSum } from '../program/describeSum.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import { relianceFor } from '../record/chart.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { BILL_SIGNED } from './claimAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { CLAIM_BILL } from './claimOptions.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';

/**
 * Signs what a treatment costs, as whoever wrote its first record, and writes it to a file.
 *
 * @throws MedsealError what `signBill` throws.
 */
export async function signBillVerb(
  terminal: Terminal,
  options: VisitorOptions & OptionsOf<typeof CLAIM_BILL>,
): Promise<AnswerOf<typeof BILL_SIGNED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { treatment, total, out } = options;
  const patient = await findPatient(visitor, options.patient);
  const { purpose, right } = await relianceFor(visitor, patient, {
    action: 'read',
    ...(options.purpose && { purpose: options.purpose }),
  });
  if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  await confirmSigning(terminal, visitor, [
    `  the treatment ${short(treatment)} of ${patient.name} costs ${describeSum(total)}`,
  ]);
  const { grant } = right;
  const bill = await signBill(party, { handle: patient.handle, treatment, total, grant, purpose });
  await writeFileWhole(out, formatBill(bill));
  return {
    value: { total, file: out },
    lines: [`The bill is in ${out}. Give it to ${patient.name}.`],
  };
}
