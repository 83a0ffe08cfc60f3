import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import type { ClaimFacts, InsuranceClaim } from '../../../protocol/care/claims.ts';
import { ZERO32, type Bytes32 } from '../../../protocol/ids.ts';
import type { Grant } from '../../../protocol/struct/requests.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import { submitCare } from '../prescriptions/submitCare.ts';
import { agreeToBill } from './bills.ts';
import { signForClaim } from './claimAccount.ts';
import { awaitClaim } from './confirmClaim.ts';
import { keepClaim } from './knownClaims.ts';
import { ownHandle } from '../../state/ownHandle.ts';
import { permitClaim } from './permitClaim.ts';
import { paidBeside, publicKeysOf } from './publicKeysOf.ts';
import { requireKnownClaim } from './readClaims.ts';
import { forgetDraft, prepareClaim, type ClaimPrepared, type NewClaim } from './prepareClaim.ts';

/** A claim on the ledger. */
export interface ClaimSubmitted {
  readonly digest: Bytes32;
  readonly facts: ClaimFacts;
  /** True if the ledger had it already: an earlier run was cut off. */
  readonly already: boolean;
}

/**
 * Makes a claim: bill and claim go to the chart, the patient lets the insurer read exactly the records that it rests on,
 * coordinators vouch for them, and the ledger takes it. Without a treatment it asks in advance. Safe to repeat.
 *
 * @param party - The claimant.
 * @param wanted - The claim, or one that `prepareClaim` put on the chart.
 * @param permits - The patient's rights for the insurer, of `permitClaim`; a patient who claims gives them here.
 * @throws MedsealError `RIGHT_MISSING` without the patient's rights; `RULE_REFUSED` with the contract's reason, such as
 * `TreatmentClaimed`; `REQUEST_LATE`, `VERDICTS_MISSING`, `RULE_UNCONFIRMED`, and those of `prepareClaim`.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const bill = parseBill(await readFile('bill.json', 'utf8'));
 * const lines = [{ service: 'Consultation', units: 12_000 }];
 * const asked = { handle, insurer: insurer.address, coverage: policy, treatment: visit, bill };
 * const { digest } = await submitClaim(patient, { ...asked, lines, currency: 'EUR' });
 * console.log(`The claim is known as ${digest}.`);
 * ```
 */
export async function submitClaim(
  party: Party,
  wanted: NewClaim | ClaimPrepared,
  permits?: readonly Grant[],
): Promise<ClaimSubmitted> {
  const prepared = 'digest' in wanted ? wanted : await prepareClaim(party, wanted);
  const { digest, message, entries } = prepared;
  const { claim: before } = await confirmFacts(party, { claim: digest });
  if (before === undefined) {
    const openings = permits ?? (await ownPermits(party, prepared));
    const { bills: signedThen } =
      permits === undefined ? await agreeToBill(party, prepared) : prepared;
    // The key may have changed since.
    const bills = signedThen.map((each) => {
      return each.party === party.address ? sign(party, party, 'Bill', each.message) : each;
    });
    const signed = signForClaim(party, message, 'InsuranceClaim', message);
    const ahead = await authorisationOf(party, message);
    const publicKeys = await publicKeysOf(party, paidBeside(message));
    const shown = publicKeys.length > 0 && { publicKeys };
    const along = { ...ahead, ...shown, entries, openings, ...(bills.length > 0 && { bills }) };
    await submitCare(party, { ...signed, ...along });
  }
  const facts = await awaitClaim(party, digest, ({ claimant }) => claimant === message.claimant);
  await keepClaim(party, message);
  // From now on the same values are another claim.
  if (!('digest' in wanted)) await forgetDraft(party, wanted);
  return { digest, facts, already: before !== undefined };
}

/** The authorisation that a claim uses up, in full, for coordinators to compare. */
async function authorisationOf(
  party: Party,
  { authorisation }: InsuranceClaim,
): Promise<Pick<Submission, 'claim'>> {
  if (authorisation === ZERO32) return {};
  return { claim: (await requireKnownClaim(party, authorisation)).message };
}

async function ownPermits(party: Party, prepared: ClaimPrepared): Promise<readonly Grant[]> {
  if ((await ownHandle(party)) !== prepared.message.terms.handle)
    throw new MedsealError('RIGHT_MISSING', {});
  return await permitClaim(party, prepared);
}
