import { MedsealError } from '../../errors/MedsealError.ts';
import type { ClaimState } from '../../protocol/claims.ts';
import { claimTermsOf } from '../../protocol/claimTermsOf.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { longestRightOf } from '../../protocol/longestRightOf.ts';
import { CLAIM_PURPOSE, mostClaimRight } from '../../protocol/mostClaimRight.ts';
import type { Grant } from '../../protocol/requests.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { grantRight } from '../rights/grantRight.ts';
import { listGrants } from '../rights/listGrants.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { listClaims } from './readClaims.ts';
import type { ClaimPrepared } from './prepareClaim.ts';

/** Seconds by which a right ends before nodes would refuse it as too long, as clocks differ. */
const MARGIN = 600;
/** States in which an insurer may still have to look. */
const OPEN: readonly ClaimState[] = ['open', 'asked', 'disputed'];

/**
 * Lets an insurer read the records of a claim, each by a right to that one record, for payment. The rights end by
 * themselves after four terms of claims, and with `endClaimRights`. Safe to repeat.
 *
 * @param party - The patient.
 * @param prepared - Records and insurer of the claim, as `prepareClaim` returns them.
 * @returns The rights, for the claimant to submit the claim with.
 * @throws MedsealError `RIGHT_MISSING` for another patient's chart, and those of `grantRight`.
 * @example
 * ```ts
 * const { records, message } = prepared;
 * console.log(`${message.insurer} may read ${records.length} records to settle this claim`);
 * const permits = await permitClaim(patient, prepared);
 * await submitClaim(doctor, prepared, permits);
 * ```
 */
export async function permitClaim(
  party: Party,
  { message, records }: Pick<ClaimPrepared, 'message' | 'records'>,
): Promise<readonly Grant[]> {
  const { handle, grants } = await readPatientState(party);
  if (handle !== message.terms.handle) throw new MedsealError('RIGHT_MISSING', {});
  const now = seconds(party.clock);
  const longest = Math.min(
    mostClaimRight(claimTermsOf(party.network)),
    longestRightOf(party.network),
  );
  const permits: Grant[] = [];
  for (const { record, category } of records) {
    const given = grants.find(({ grant: { terms } }) => {
      const isOf = terms.grantee === message.insurer && terms.record === record;
      return isOf && terms.purpose === CLAIM_PURPOSE && terms.until > now;
    });
    const isStanding = given !== undefined && (await stands(party, given.digest));
    const { grant } = isStanding
      ? given
      : await grantRight(party, {
          grantee: message.insurer,
          categories: [category],
          record,
          actions: ['read'],
          purpose: CLAIM_PURPOSE,
          until: now + longest - MARGIN,
        });
    permits.push(grant);
  }
  return permits;
}

async function stands(party: Party, grant: Bytes32): Promise<boolean> {
  const { grant: facts } = await confirmFacts(party, { grant });
  return facts?.state === 'active';
}

/**
 * Ends the rights by which an insurer reads the records of a claim, but for records that another of its claims, which is
 * not closed, rests on too. From then on it looks no more; it keeps what it read.
 *
 * @param party - The patient.
 * @param digest - The claim.
 * @returns Number of rights that ended.
 * @throws MedsealError `NOT_FOUND`, and those of `listClaims` and `revokeRight`.
 * @example
 * ```ts
 * const ended = await endClaimRights(patient, digest);
 * console.log(`${ended} rights of the insurer have ended`);
 * ```
 */
export async function endClaimRights(party: Party, digest: Bytes32): Promise<number> {
  const claims = await listClaims(party);
  const claim = claims.find((each) => each.digest === digest);
  if (claim === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  const { insurer, terms } = claim.message;
  const open = claims.filter(({ message, facts }) => {
    return message.insurer === insurer && OPEN.includes(facts.state);
  });
  const needed = new Set(
    open.flatMap(({ message, digest: each }) => (each === digest ? [] : message.terms.records)),
  );
  const ending = new Set(terms.records.filter((entry) => !needed.has(entry)));
  const chart = await readChart(party, { handle: terms.handle, purpose: 'PATRQT' });
  const records = new Set(
    chart.records
      .filter((each) => ending.has(each.acknowledgement.entry))
      .map(({ record }) => record),
  );
  let ended = 0;
  for (const { digest: each, grant } of await listGrants(party)) {
    const { grantee, purpose, record } = grant?.terms ?? {};
    if (grantee !== insurer || purpose !== CLAIM_PURPOSE || !records.has(record ?? '0x')) continue;
    await revokeRight(party, each);
    ended += 1;
  }
  return ended;
}
