import { furtherEntries } from '../../client/care/claims/furtherEntries.ts';
import { prepareSupplement, supplementClaim } from '../../client/care/claims/supplementClaim.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import { describeSum } from '../program/describeSum.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { relianceFor } from '../record/chart.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CLAIM_ANSWERED } from './claimAnswers.ts';
import { requireFileIfAnothers, writeWaitingClaim } from './waitingClaims.ts';
import { claimForPrograms, claimInWords, describeStep } from './describeClaim.ts';
import { findClaim } from './findClaim.ts';
import { patientOfClaim } from './patientOfClaim.ts';
import { requireAsked } from './requireAsked.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { CLAIM_ANSWER } from './claimOptions.ts';

/**
 * Gives an insurer further records that it asked for: a patient at once, whoever claims for a patient by a file, which the
 * patient permits.
 *
 * @throws MedsealError `ARGUMENT_INVALID` for another's claim without a file; `RULE_REFUSED` if the insurer asked for nothing;
 * what `prepareSupplement` and `supplementClaim` throw.
 */
export async function answerVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof CLAIM_ANSWER>,
): Promise<AnswerOf<typeof CLAIM_ANSWERED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { rests: records, out } = options;
  terminal.progress.stage('looking for the claim');
  const { digest, message, facts } = await findClaim(visitor, id);
  const patient = await patientOfClaim(visitor, message);
  requireFileIfAnothers(patient, out);
  if (out === undefined) {
    await confirmSigning(terminal, visitor, [
      `  give further records for the claim ${short(digest)}, ${describeSum(facts.amount)}`,
      ...records.map((each) => `    ${short(each)}`),
    ]);
    terminal.progress.stage('waiting for the ledger');
    const taken = await supplementClaim(party, digest, { records }).catch((error: unknown) => {
      throw claimInWords(error);
    });
    return describeStep(party, taken);
  }
  await requireAsked(party, digest);
  const wanted = { action: 'add', category: 'billing' } as const;
  const { purpose, right } = await relianceFor(visitor, patient, wanted);
  const asked = { records, purpose, ...(right && { grant: right.grant }) };
  const prepared = await prepareSupplement(party, digest, asked);
  if (furtherEntries(prepared).length < prepared.entries.length) {
    const reason = 'the claim names a record of these already';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--rests', reason });
  }
  await writeWaitingClaim(out, prepared);
  return {
    value: { ...claimForPrograms(digest, facts), already: false, file: out },
    lines: [
      `The answer waits for the patient in ${out}.`,
      `Next: the patient runs ${calledAs(`claim permit ${out}`)}, and you ${calledAs(`claim place ${out}`)}.`,
    ],
  };
}
