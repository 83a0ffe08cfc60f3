import { malformed } from '../../../errors/malformed.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import { ZERO32 } from '../../../protocol/ids.ts';
import { requireActive } from '../../../protocol/rights/judgeRight.ts';
import { parseBody } from '../../../protocol/evidence/parseBody.ts';
import { parseSigned } from '../../../protocol/struct/parseSigned.ts';
import { requireSignature } from '../../requireSignature.ts';
import type { ServiceContext } from '../../ServiceContext.ts';

/**
 * Requires that whoever wrote the treatment's first entry signed the total of a claim, and the patient too if an insurer was
 * shown a smaller one for the treatment before.
 *
 * @param context - The node's own view.
 * @param submission - Not trusted; its entries were verified.
 * @param claim - The claim.
 * @param keys - `ever` for a copy of what was taken earlier.
 * @throws MedsealError `REQUEST_MALFORMED` for `bills`; `SIGNATURE_INVALID`; `PARTY_SUSPENDED` for a signer; `RULE_REFUSED` with
 * `PatientUnsigned`; `NOT_FOUND` while the ledger does not have the claim that this one follows.
 */
export function requireBill(
  context: ServiceContext,
  { bills = [], entries = [] }: Submission,
  { terms, treatment, total, follows }: InsuranceClaim,
  keys: 'present' | 'ever',
): void {
  const { index } = context;
  if (treatment === ZERO32) {
    if (bills.length > 0) throw malformed('bills');
    return;
  }
  const first = entries.find(({ entry }) => entry === terms.entry);
  const author = first && parseBody(first.body).request.party;
  const former = index.claims.facts(follows);
  // Nobody vouches ahead of the claim that this one follows: its total may be smaller.
  if (follows !== ZERO32 && former === undefined)
    throw new MedsealError('NOT_FOUND', { what: 'claim' });
  const isHigher = former !== undefined && total > former.total;
  const signers = [author, ...(isHigher ? [index.patient(terms.handle)?.controller] : [])];
  if (isHigher && bills.length === 1)
    throw new MedsealError('RULE_REFUSED', { reason: 'PatientUnsigned' });
  if (bills.length !== signers.length) throw malformed('bills');
  for (const [place, value] of bills.entries()) {
    const bill = parseSigned(value, ['Bill']);
    const isOfClaim = bill.message.treatment === treatment && bill.message.total === total;
    if (!isOfClaim || bill.party !== signers[place]) throw malformed('bills');
    const { party, signature } = bill;
    requireSignature(context, bill, signature, (key) =>
      keys === 'ever' ? index.signersOf(party).includes(key) : key === index.signerOf(party),
    );
    if (keys === 'present') requireActive(index, party);
  }
}
