import type { Claim } from '@medplum/fhirtypes';
import { bytesToHex } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { MEDSEAL_SYSTEMS } from '../../../fhir/medsealSystems.ts';
import type { Acknowledgement } from '../../../protocol/evidence/evidence.ts';
import type { Bytes32, Handle, RecordId } from '../../../protocol/ids.ts';
import type { Grant } from '../../../protocol/struct/requests.ts';
import type { Purpose } from '../../../protocol/vocabulary.ts';
import type { Party } from '../../party/Party.ts';
import { contentHash } from '../prescriptions/prescriptionRecord.ts';
import { newestOfEach } from '../../records/newestOfEach.ts';
import { readChart } from '../../records/readChart.ts';
import { permitClaim } from './permitClaim.ts';
import { recordsOf, type ClaimPrepared } from './prepareClaim.ts';
import { readClaim, requireKnownClaim } from './readClaims.ts';
import { takeClaimStep, type ClaimStepDone, type ClaimStepMade } from './takeClaimStep.ts';

/** Further records for an insurer that asked for more. */
export interface NewSupplement {
  readonly records: readonly RecordId[];
  /** The patient's rights for the insurer, of `permitClaim`; a patient who claims gives them here. */
  readonly permits?: readonly Grant[];
  /** Right to read the records; absent for the patient. */
  readonly grant?: Grant;
  readonly purpose?: Purpose;
}

/**
 * Names further records for an insurer that asked for more, as a claimant who is not the patient: the patient permits them
 * with `permitClaim`, and `supplementClaim` sends them. Nothing is written.
 *
 * @param party - The claimant.
 * @param digest - The claim.
 * @param supplement - Records of the chart, and the right to read them.
 * @throws MedsealError `NOT_FOUND` for a claim or record that is not there; those of `readChart`.
 * @example
 * ```ts
 * const asked = { records: [record.record], grant, purpose: 'TREAT' } as const;
 * const prepared = await prepareSupplement(doctor, digest, asked);
 * const permits = await permitClaim(patient, prepared);
 * await supplementClaim(doctor, digest, { ...asked, permits });
 * ```
 */
export async function prepareSupplement(
  party: Party,
  digest: Bytes32,
  supplement: Omit<NewSupplement, 'permits'>,
): Promise<ClaimPrepared> {
  const { message } = await requireKnownClaim(party, digest);
  const entries = await entriesOf(party, message.terms.handle, supplement);
  return { digest, message, entries, records: recordsOf(entries), bills: [] };
}

/**
 * Gives an insurer the more that it asked for: the patient lets it read further records, coordinators vouch for them, and
 * the claim is open again. The insurer gets the `Claim` as it is now in a letter. Safe to
 * repeat.
 *
 * @param party - The claimant.
 * @param digest - The claim.
 * @param supplement - Records of the same chart.
 * @throws MedsealError `NOT_FOUND` for a record that is not on the chart; `RIGHT_MISSING` without the patient's rights;
 * `RULE_REFUSED` with the contract's reason, such as `StateUnfit`, `TermLapsed`; `RULE_UNCONFIRMED`, and those of `readClaim`.
 * @example
 * ```ts
 * const { facts } = await supplementClaim(patient, digest, { records: [record.record] });
 * console.log(facts.state);
 * ```
 */
export async function supplementClaim(
  party: Party,
  digest: Bytes32,
  supplement: NewSupplement,
): Promise<ClaimStepDone> {
  return await takeClaimStep(party, digest, {
    type: 'ClaimSupplement',
    values: { records: supplement.records },
    canBeNew: ({ state }) => state === 'asked',
    make: async () => await made(party, digest, supplement),
  });
}

async function made(
  party: Party,
  digest: Bytes32,
  supplement: NewSupplement,
): Promise<ClaimStepMade<'ClaimSupplement'>> {
  const { claim, message } = await readClaim(party, digest);
  const { permits } = supplement;
  const entries = await entriesOf(party, message.terms.handle, supplement);
  const openings =
    permits ?? (await permitClaim(party, { message, entries, records: recordsOf(entries) }));
  const resource = extended(claim, entries);
  const terms = {
    records: entries.map(({ entry }) => entry),
    content: contentHash(party.primitives, resource),
    salt: bytesToHex(party.random(16)),
  };
  return {
    claim: message,
    message: (common) => ({ ...common, terms }),
    along: { entries, openings },
    resource,
    tells: [message.insurer],
  };
}

/** Acknowledgements of the newest version of each record. */
async function entriesOf(
  party: Party,
  handle: Handle,
  { grant, purpose = 'PATRQT', records: ids }: NewSupplement,
): Promise<readonly Acknowledgement[]> {
  const chart = await readChart(party, { handle, purpose, ...(grant && { grant }) });
  const newest = new Map(newestOfEach(chart.records).map((each) => [each.record, each]));
  return ids.map((id) => {
    const found = newest.get(id);
    if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
    return found.acknowledgement;
  });
}

/** The Claim with further records in its list. */
function extended(claim: Claim, entries: readonly Acknowledgement[]): Claim {
  const { supportingInfo = [] } = claim;
  const [first] = supportingInfo;
  const category = first?.category ?? {};
  const more = entries.map(({ entry }, place) => ({
    sequence: supportingInfo.length + place + 1,
    category,
    valueReference: { identifier: { system: MEDSEAL_SYSTEMS.entry, value: entry } },
  }));
  return { ...claim, supportingInfo: [...supportingInfo, ...more] };
}
