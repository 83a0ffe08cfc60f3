import type { ClaimWaiting } from '../../client/care/claims/claimFile.ts';
import { furtherEntries } from '../../client/care/claims/furtherEntries.ts';
import { submitClaim, type ClaimSubmitted } from '../../client/care/claims/submitClaim.ts';
import { supplementClaim } from '../../client/care/claims/supplementClaim.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findContact } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import { describeSum } from '../program/describeSum.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { relianceFor } from '../record/chart.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CLAIM_SUBMITTED } from './claimAnswers.ts';
import { readWaitingClaim } from './waitingClaims.ts';
import { claimInWords } from './describeClaim.ts';
import { describePayees } from './describePayees.ts';
import { patientOfClaim } from './patientOfClaim.ts';

/**
 * Puts a claim on the ledger that the patient permitted, or the answer to an insurer that asked for more.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `submitClaim` and `supplementClaim` throw.
 */
export async function placeClaim(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CLAIM_SUBMITTED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const waiting = await readWaitingClaim(visitor, file);
  const { message, records } = waiting.prepared;
  if (waiting.permits.length === 0) {
    const reason = `the patient has not permitted it yet, with ${calledAs(`claim permit ${file}`)}`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: file, reason });
  }
  const insurer = await findContact(visitor, message.insurer);
  const isAnswer = furtherEntries(waiting.prepared).length > 0;
  const sum = describeSum(message.amount);
  const what = isAnswer
    ? [
        `  give ${insurer.name} these records too, for the claim of ${sum}:`,
        ...records.map(({ record, category }) => `    ${short(record)}  ${category}`),
      ]
    : [
        `  claim ${sum} of a bill of ${describeSum(message.total)} from ${insurer.name}`,
        ...(await describePayees(visitor, message.terms)),
      ];
  await confirmSigning(terminal, visitor, what);
  terminal.progress.stage('waiting for the ledger');
  const placing = isAnswer
    ? placeAnswer(visitor, waiting)
    : submitClaim(party, waiting.prepared, waiting.permits).then(describeSubmitted);
  return await placing.catch((error: unknown) => {
    throw claimInWords(error);
  });
}

/**
 * Tells of a claim that is on the ledger.
 *
 * @param submitted - The claim.
 */
export function describeSubmitted({
  digest,
  already,
}: Pick<ClaimSubmitted, 'digest' | 'already'>): AnswerOf<typeof CLAIM_SUBMITTED> {
  return {
    value: { claim: digest, already },
    lines: [
      already ? 'The claim was on the ledger already.' : 'The claim is on the ledger.',
      `Claim ${digest}`,
    ],
  };
}

async function placeAnswer(
  visitor: Visitor,
  { prepared, permits }: ClaimWaiting,
): Promise<AnswerOf<typeof CLAIM_SUBMITTED>> {
  const { digest, message, records } = prepared;
  const patient = await patientOfClaim(visitor, message);
  const wanted = { action: 'add', category: 'billing' } as const;
  const { purpose, right } = await relianceFor(visitor, patient, wanted);
  const { already } = await supplementClaim(visitor.party, digest, {
    records: records.map(({ record }) => record),
    permits,
    purpose,
    ...(right && { grant: right.grant }),
  });
  return {
    value: { claim: digest, already },
    lines: [
      already ? 'The insurer has the answer already.' : 'The insurer has the answer.',
      `Claim ${digest}`,
    ],
  };
}
