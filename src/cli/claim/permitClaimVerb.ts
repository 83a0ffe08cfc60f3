import { agreeToBill, lowerTotalBefore } from '../../client/care/claims/bills.ts';
import { furtherEntries } from '../../client/care/claims/furtherEntries.ts';
import { permitClaim } from '../../client/care/claims/permitClaim.ts';
import { findContact } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { describeSum } from '../program/describeSum.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CLAIM_PERMITTED } from './claimAnswers.ts';
import { readWaitingClaim, writeWaitingClaim } from './waitingClaims.ts';
import { describePayees } from './describePayees.ts';
import { requireAsked } from './requireAsked.ts';

/**
 * Lets the insurer of a claim read exactly the records that the claim, or an answer to the insurer, rests on, as the patient.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; `RULE_REFUSED` for an answer that no insurer waits for; what `permitClaim` throws.
 */
export async function permitClaimVerb(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CLAIM_PERMITTED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { prepared } = await readWaitingClaim(visitor, file);
  const { digest, message, records } = prepared;
  const isAnswer = furtherEntries(prepared).length > 0;
  // Rights for an answer that nobody waits for would be given for nothing.
  if (isAnswer) await requireAsked(party, digest);
  const [insurer, claimant] = [
    await findContact(visitor, message.insurer),
    await findContact(visitor, message.terms.claimant),
  ];
  const sum = describeSum(message.amount);
  const why = isAnswer
    ? `answer what it asked about the claim of ${sum}`
    : `claim ${sum} of a bill of ${describeSum(message.total)}`;
  const lower = await lowerTotalBefore(party, prepared);
  await confirmSigning(terminal, visitor, [
    `  let ${insurer.name} read these records${isAnswer ? ' too' : ''}, for payment, so that ${claimant.name} can ${why}:`,
    ...records.map(({ record, category }) => `    ${short(record)}  ${category}`),
    ...(await describePayees(visitor, message.terms)),
    ...(lower === undefined
      ? []
      : [
          `  sign that the bill is ${describeSum(message.total)}: another insurer was shown ${describeSum(lower)}`,
        ]),
  ]);
  terminal.progress.stage('waiting for the ledger');
  const permits = await permitClaim(party, prepared);
  await writeWaitingClaim(file, await agreeToBill(party, prepared), permits);
  return {
    value: {
      claim: digest,
      insurer: message.insurer,
      ...(lower !== undefined && { lower }),
      records: records.map(({ record }) => record),
      file,
    },
    lines: [
      `${insurer.name} may read ${records.length} records. Give ${file} back to ${claimant.name}.`,
    ],
  };
}
