import { lowerTotalBefore, parseBill } from '../../client/care/claims/bills.ts';
import { prepareClaim, type NewClaim } from '../../client/care/claims/prepareClaim.ts';
import { submitClaim } from '../../client/care/claims/submitClaim.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type { Address } from '../../protocol/ids.ts';
import { findContact, findPatient } from '../contact/findContact.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { describeSum } from '../program/describeSum.ts';
import { calledAs } from '../program/calledAs.ts';
import { readGivenText } from '../program/readGiven.ts';
import { relianceFor } from '../record/chart.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CLAIM_SUBMITTED } from './claimAnswers.ts';
import { requireFileIfAnothers, writeWaitingClaim } from './waitingClaims.ts';
import { claimInWords } from './describeClaim.ts';
import { describePayees } from './describePayees.ts';
import { describeSubmitted } from './placeClaimVerb.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { CLAIM_SUBMIT } from './claimOptions.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';

/**
 * Makes a claim: a patient's own goes to the ledger, another's to a file for the patient to permit.
 *
 * @throws MedsealError what `prepareClaim` and `submitClaim` throw; `ARGUMENT_INVALID` for another's claim without a file.
 */
export async function submitVerb(
  terminal: Terminal,
  options: VisitorOptions & OptionsOf<typeof CLAIM_SUBMIT>,
): Promise<AnswerOf<typeof CLAIM_SUBMITTED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { out, line: lines, currency, coverage, treatment, rests, amount } = options;
  const patient = await findPatient(visitor, options.patient);
  requireFileIfAnothers(patient, out);
  const insurer = await findContact(visitor, options.insurer);
  const payee = await partyNamed(visitor, options.payee);
  const bill =
    options.bill === undefined ? undefined : parseBill(await readGivenText(options.bill), '--bill');
  const { purpose, right } = await relianceFor(visitor, patient, {
    action: 'add',
    category: 'billing',
    ...(options.purpose && { purpose: options.purpose }),
  });
  if (!patient.own && right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { follows, authorisation } = options;
  const wanted: NewClaim = {
    handle: patient.handle,
    insurer: insurer.facts.party,
    coverage,
    ...(treatment && { treatment }),
    ...(rests && { records: rests }),
    lines,
    currency,
    ...(amount !== undefined && { amount }),
    ...(payee && { payee }),
    ...(bill && { bill }),
    ...(follows && { follows }),
    ...(authorisation && { authorisation }),
    ...(right && { grant: right.grant }),
    purpose,
  };
  const total = lines.reduce((sum, { units }) => sum + units, 0);
  await confirmSigning(terminal, visitor, [
    `  ${treatment ? 'claim' : 'ask in advance for'} ${describeSum(amount ?? total, currency)} from ${insurer.name}, for ${patient.name}`,
    ...lines.map(
      ({ service, units }) => `    ${describeSum(units, currency)}  ${visibleText(service, 96)}`,
    ),
    ...(await describePayees(visitor, {
      claimant: party.address,
      payee: payee ?? party.address,
    })),
    '',
    'Everybody who reads the ledger sees the insurer, the amounts, the days, and which claims are for one treatment.',
    'Patients and people who treat are there as accounts that are made for this claim alone. The nodes know whose they are.',
  ]);
  terminal.progress.stage('writing bill and claim');
  const prepared = await prepareClaim(party, wanted).catch(inWords);
  if (out === undefined) {
    const lower = await lowerTotalBefore(party, prepared);
    if (lower !== undefined) {
      await confirmSigning(terminal, visitor, [
        `  that the bill is ${describeSum(prepared.message.total, currency)}: another insurer was shown ${describeSum(lower, currency)}`,
      ]);
    }
    const done = await submitClaim(party, wanted).catch(inWords);
    return describeSubmitted(done);
  }
  await writeWaitingClaim(out, prepared);
  return {
    value: { claim: prepared.digest, already: false, file: out },
    lines: [
      `Bill and claim are on the chart; the claim waits for the patient in ${out}.`,
      `Next: the patient runs ${calledAs(`claim permit ${out}`)}, and you ${calledAs(`claim place ${out}`)}, both within two weeks.`,
    ],
  };
}

function inWords(error: unknown): never {
  throw claimInWords(error);
}

async function partyNamed(visitor: Visitor, who: string | undefined): Promise<Address | undefined> {
  return who === undefined ? undefined : (await findContact(visitor, who)).facts.party;
}
