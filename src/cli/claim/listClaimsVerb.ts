import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { listClaims, readClaim } from '../../client/care/claims/readClaims.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { unitsOf } from '../../fhir/claims/money.ts';
import type { ClaimDecision } from '../../protocol/care/claims.ts';
import { seconds } from '../../protocol/Clock.ts';
import { namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { describeSum } from '../program/describeSum.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CLAIM_SHOWN, CLAIMS_LISTED } from './claimAnswers.ts';
import { unreadLine } from '../unreadLine.ts';
import { claimForPrograms, describeClaim, namedForPrograms } from './describeClaim.ts';
import { describePayees } from './describePayees.ts';
import { findClaim } from './findClaim.ts';

/**
 * Lists the claims of a party: those that it made, and of an insurer those that it was asked to pay.
 */
export async function listClaimsVerb(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CLAIMS_LISTED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  terminal.progress.stage('looking for claims');
  await checkInbox(party);
  const [{ claims, unread }, names] = [await listClaims(party), await namesOf(visitor)];
  const at = seconds(party.clock);
  const lines = claims.map(({ digest, message, facts }) => {
    const { insurer, terms } = message;
    const { claimant } = terms;
    const whose = `${names.get(claimant) ?? short(claimant)} to ${names.get(insurer) ?? short(insurer)}`;
    return `${short(digest)}  ${whose}: ${describeClaim(facts, at)}`;
  });
  return {
    value: { claims: claims.map(namedForPrograms), unread },
    lines: [...(lines.length === 0 ? ['There are no claims.'] : lines), ...unreadLine(unread)],
  };
}

/**
 * Shows a claim with its bill and what it rests on, once nothing of it was found to be altered.
 *
 * @throws MedsealError `NOT_FOUND`, and what `readClaim` throws, such as `CLAIM_ALTERED`.
 */
export async function showClaim(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CLAIM_SHOWN>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  terminal.progress.stage('reading the claim and its records');
  await checkInbox(party);
  const { digest } = await findClaim(visitor, id);
  const read = await readClaim(party, digest);
  const { bill, currency, message, facts, records, told, beside } = read;
  const names = await namesOf(visitor);
  const billed = (bill.lineItem ?? []).map(({ chargeItemCodeableConcept, priceComponent }) => ({
    service: chargeItemCodeableConcept?.text ?? '',
    units: unitsOf(priceComponent?.[0]?.amount, currency),
  }));
  const decisions = told.flatMap(({ request }) => {
    if (request.type !== 'ClaimDecision') return [];
    const { step, terms } = request.message as ClaimDecision;
    return [{ step, reason: terms.reason }];
  });
  return {
    value: {
      ...namedForPrograms({ digest, message, facts }),
      currency,
      lines: billed,
      records: records.map(({ record }) => record.record),
      beside: beside.map((each) => claimForPrograms(each.digest, each.facts)),
      decisions,
    },
    lines: [
      `${short(digest)}  ${describeClaim(facts, seconds(party.clock))}`,
      ...billed.map(
        ({ service, units }) => `  ${describeSum(units, currency)}  ${visibleText(service, 96)}`,
      ),
      ...(await describePayees(visitor, message.terms)).map((line) => line.slice(2)),
      `It rests on ${records.length} records, each as it was signed.`,
      ...beside.map(({ facts: { insurer, approved, total }, isLater }) => {
        const asked = `${names.get(insurer) ?? short(insurer)} approved ${describeSum(approved)}`;
        return `${isLater ? 'Later' : 'Before'}, ${asked} for this treatment, of a bill of ${describeSum(total)}.`;
      }),
      ...decisions.map(({ step, reason }) => `Step ${step}: ${reason}`),
    ],
  };
}
