import { MedsealError } from '../../../errors/MedsealError.ts';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import { newestPlaces } from '../../../protocol/evidence/newestPlaces.ts';
import type { LogPlace } from '../../../protocol/AgentPort.ts';
import { claimTermsOf } from '../../../protocol/care/claimTermsOf.ts';
import { seconds } from '../../../protocol/Clock.ts';
import { BYTES32 } from '../../../protocol/wire/findShapeError.ts';
import { ZERO32, type Bytes32, type RecordId } from '../../../protocol/ids.ts';
import { hasTerm } from '../../../protocol/care/isPendingClaim.ts';
import { logOf } from '../../../protocol/network/networkLookups.ts';
import { MAX_AFTER } from '../../../protocol/shapes/askedShapes.ts';
import { longestRightOf } from '../../../protocol/network/longestRightOf.ts';
import { CLAIM_PURPOSE, mostClaimRight } from '../../../protocol/care/mostClaimRight.ts';
import type { Grant } from '../../../protocol/struct/requests.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { DeviceBook } from '../../party/DeviceBook.ts';
import type { Party } from '../../party/Party.ts';
import { grantRight } from '../../rights/grantRight.ts';
import { listGrants } from '../../rights/listGrants.ts';
import { revokeRight } from '../../rights/revokeRight.ts';
import { recallAcknowledged } from '../../state/acknowledgedHere.ts';
import { readPatientState } from '../../state/PatientState.ts';
import { readChart } from '../../records/readChart.ts';
import type { ClaimKnown } from './knownClaims.ts';
import { listClaims } from './readClaims.ts';
import type { ClaimPrepared } from './prepareClaim.ts';

/** Seconds by which a right ends before nodes would refuse it as too long, as clocks differ. */
const MARGIN = 600;
/** Records that were permitted for a claim. */
const PERMITTED = new DeviceBook({
  name: 'claim-permitted',
  shape: { claim: BYTES32, records: [BYTES32] },
  keyOf: ({ claim }) => claim,
  most: 5000,
});

/**
 * Lets an insurer read the records of a claim, each by a right to that one record, for payment. The rights end by
 * themselves after six terms of claims, and with `endClaimRights`. Safe to repeat.
 *
 * @param party - The patient.
 * @param prepared - Records, their entries, and insurer of the claim, as `prepareClaim` returns them.
 * @returns The rights, for the claimant to submit the claim with.
 * @throws MedsealError `RIGHT_MISSING` for another patient's chart; `ARGUMENT_INVALID` if the claim names another
 * party as its insurer, and those of `grantRight`.
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
  { message, records, entries }: Pick<ClaimPrepared, 'message' | 'records' | 'entries'>,
): Promise<readonly Grant[]> {
  const { handle, grants } = await readPatientState(party);
  if (handle !== message.terms.handle) throw new MedsealError('RIGHT_MISSING', {});
  const { party: insurer } = await confirmFacts(party, { party: message.insurer });
  if (insurer?.role !== 'insurer') {
    const reason = 'the claim names somebody who is not an insurer';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'insurer', reason });
  }
  const now = seconds(party.clock);
  const longest = Math.min(
    mostClaimRight(claimTermsOf(party.network)),
    longestRightOf(party.network),
  );
  // Others wrote them, seconds ago and maybe at another organisation. The first look waits for all.
  const { channel } = logOf(party.network, party.log);
  const places = newestPlaces([...entries, ...(await recallAcknowledged(party))]);
  const ofChannel = places.filter(({ log }) => channel.logs.some(({ name }) => name === log));
  let after: readonly LogPlace[] | undefined = ofChannel.slice(0, MAX_AFTER);
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
          ...(after && { after }),
        });
    if (!isStanding) after = undefined;
    permits.push(grant);
  }
  await keepPermitted(party, message, records);
  return permits;
}

/** Remembers which records were permitted for a claim: only supplements name those that came later. */
async function keepPermitted(
  party: Party,
  message: InsuranceClaim,
  records: ClaimPrepared['records'],
): Promise<void> {
  const digest = digestOf(party, 'InsuranceClaim', message);
  const named = { claim: digest, records: records.map(({ record }) => record) };
  await PERMITTED.merge(party, named, (known) => {
    return { ...named, records: [...new Set([...(known?.records ?? []), ...named.records])] };
  });
}

async function stands(party: Party, grant: Bytes32): Promise<boolean> {
  const { grant: facts } = await confirmFacts(party, { grant });
  return facts?.state === 'active';
}

/**
 * Ends the rights by which an insurer reads the records of a claim, and of closed ones, whichever device gave them, but for
 * records that another of its claims rests on, which is not closed, or was denied and can be disputed yet. From then on it looks no more; it keeps what it read. A
 * further record that another device permitted for such a claim is permitted again there.
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
  const { claims } = await listClaims(party);
  const claim = claims.find((each) => each.digest === digest);
  if (claim === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  const { insurer, terms } = claim.message;
  const now = seconds(party.clock);
  const others = claims.filter(({ message, facts, digest: each }) => {
    // A denial can be disputed once in its term: the insurer reads all for the verifiers, and may have to decide again.
    const isDisputable =
      facts.state === 'denied' &&
      facts.round === 0 &&
      facts.due >= now &&
      facts.treatment !== ZERO32;
    return each !== digest && message.insurer === insurer && (hasTerm(facts) || isDisputable);
  });
  const chart = await readChart(party, { handle: terms.handle, purpose: 'PATRQT' });
  const kept = new Map((await PERMITTED.read(party)).map((each) => [each.claim, each.records]));
  const restsOn = ({ digest: each, message }: ClaimKnown): readonly RecordId[] => {
    const entries = new Set(message.terms.records);
    const named = chart.records.filter(({ acknowledgement }) => entries.has(acknowledgement.entry));
    return [...named.map(({ record }) => record), ...(kept.get(each) ?? [])];
  };
  const needed = new Set(others.flatMap(restsOn));
  let ended = 0;
  for (const { digest: each, grant } of await listGrants(party)) {
    const { grantee, purpose, record = '0x' } = grant?.terms ?? {};
    if (grantee !== insurer || purpose !== CLAIM_PURPOSE || needed.has(record)) continue;
    await revokeRight(party, each);
    ended += 1;
  }
  return ended;
}
