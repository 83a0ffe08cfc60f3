import { explainClaim } from '../../client/care/claims/explainClaim.ts';
import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { describeSum } from '../program/describeSum.ts';
import { relianceFor } from '../record/chart.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CLAIM_EXPLAINED } from './claimAnswers.ts';
import { findClaim } from './findClaim.ts';
import { patientOfClaim } from './patientOfClaim.ts';

/**
 * Puts the explanation of a decided claim on the chart.
 *
 * @throws MedsealError what `explainClaim` throws.
 */
export async function explainClaimVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CLAIM_EXPLAINED>> {
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  terminal.progress.stage('looking for the claim');
  await checkInbox(party);
  const { digest, message, facts } = await findClaim(visitor, id);
  const patient = await patientOfClaim(visitor, message);
  const wanted = { action: 'add', category: 'billing' } as const;
  const { purpose, right } = await relianceFor(visitor, patient, wanted);
  const { amount, approved } = facts;
  const sums = `${describeSum(approved)} of ${describeSum(amount)} are approved`;
  await terminal.confirm([
    `You are about to write, as ${key.name} (${party.address}):`,
    '',
    `  the explanation of the claim ${short(digest)} on the chart of ${patient.name}: ${sums}`,
  ]);
  terminal.progress.stage('comparing the decision with the ledger, and writing');
  const choice = { purpose, ...(right && { grant: right.grant }) };
  const { record, explanation, already } = await explainClaim(party, digest, choice);
  const { currency = '' } = explanation.total?.[0]?.amount ?? {};
  const reason = explanation.disposition ?? '';
  return {
    value: { claim: digest, record, reason, currency, amount, approved, already },
    lines: [
      `${already ? 'The explanation is on the chart already.' : 'The explanation is on the chart.'} ${sums}: ${reason}.`,
      `Record ${record}`,
    ],
  };
}
