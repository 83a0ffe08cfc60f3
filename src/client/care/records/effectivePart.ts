import { isMedsealError } from '../../../errors/isMedsealError.ts';
import {
  effectiveResource,
  type LeftOfPrescription,
  type Standing,
} from '../../../fhir/effectiveResource.ts';
import { fieldOf, listOf } from '../../../fhir/fieldOf.ts';
import { MEDSEAL_SYSTEMS } from '../../../fhir/medsealSystems.ts';
import type { PartContent } from '../../../fhir/Part.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { FactsQuery } from '../../../protocol/evidence/facts.ts';
import type { Handle } from '../../../protocol/ids.ts';
import { prescriptionStanding } from '../../../protocol/care/prescriptionStanding.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { claimIn, CLAIM_EXTENSION } from '../claims/claimRecord.ts';
import type { KeptHolder } from '../../kept/readKept.ts';
import type { Party } from '../../party/Party.ts';
import { prescriptionIn, PRESCRIPTION_EXTENSION } from '../prescriptions/prescriptionRecord.ts';
import { readObjections } from '../../records/objections.ts';
import type { Chart } from '../../records/readChart.ts';
import type { ChartRecord } from '../../records/viewChart.ts';

/**
 * A part of a FHIR bundle as it stands now: the status of each prescription and claim is the ledger's, as k coordinators confirm
 * it, and not what its author wrote when it was made; a policy whose time is over is not in force; and what the patient says
 * against the record stands beside it, each objection opened by a view. Whoever shows or gives out a
 * record's resources to people asks here first. An amendment starts from the part itself.
 *
 * @param holder - The reader; a device without a network is told of nothing.
 * @param chart - The chart that lists the record, released or kept.
 * @param version - The record version that the part is.
 * @param part - The part, as `partIn` gives it.
 * @returns The part with its effective resources: an extension of a changed status says what became of it, or that nobody
 * confirmed it, another one what is left of a prescription, and one of a resource what the patient says against it.
 * @example
 * ```ts
 * const { content } = await readRecord(doctor, chart, record);
 * const part = partIn(content, record);
 * const standing = part && (await effectivePart(doctor, chart, record, part));
 * console.log(standing?.entries.length);
 * ```
 */
export async function effectivePart(
  holder: Party | KeptHolder,
  chart: Chart | Pick<Chart, 'handle' | 'records'>,
  version: ChartRecord,
  part: PartContent,
): Promise<PartContent> {
  const objections = await readObjections(holder, chart, version);
  const entries = await Promise.all(
    part.entries.map(async (entry) => {
      if (entry.resource === undefined) return entry;
      const { standing, left } = await stateOf(holder, chart.handle, version, entry.resource);
      return { ...entry, resource: effectiveResource(entry.resource, standing, objections, left) };
    }),
  );
  return { ...part, entries };
}

/** Present state of a resource, and what is left of a prescription. */
interface PresentState {
  readonly standing?: Standing | undefined;
  readonly left?: LeftOfPrescription;
}

async function stateOf(
  holder: Party | KeptHolder,
  handle: Handle,
  version: ChartRecord,
  resource: unknown,
): Promise<PresentState> {
  const at = seconds(holder.clock);
  if (fieldOf(resource, 'resourceType') === 'Coverage') {
    return { standing: standingOfPolicy(resource, at) };
  }
  if (says(resource, 'MedicationRequest', PRESCRIPTION_EXTENSION)) {
    const { record, author } = version;
    const found = prescriptionIn(holder.primitives, { handle, record }, resource)?.message;
    if (found?.prescriber !== author || version.version !== 1) return { standing: 'altered' };
    const prescription = digestOf(holder, 'Prescription', found);
    const { unit } = found.terms;
    return await confirmed(holder, { prescription }, (facts) => {
      const { amount = 0, fills = 0, dispensed = 0 } = facts.prescription ?? {};
      const whole = amount * fills;
      const standing = prescriptionStanding(facts.prescription, at);
      const isOpen = standing === 'early' || standing === 'active' || standing === 'held';
      return { standing, ...(isOpen && { left: { left: whole - dispensed, whole, unit } }) };
    });
  }
  if (says(resource, 'Claim', CLAIM_EXTENSION)) {
    const { author, acknowledgement } = version;
    const place = { handle, entry: acknowledgement.entry };
    const found = claimIn(holder.primitives, place, resource)?.message;
    if (found?.terms.claimant !== author || version.version !== 1) return { standing: 'altered' };
    const claim = digestOf(holder, 'InsuranceClaim', found);
    return await confirmed(holder, { claim }, (facts) => ({
      standing: facts.claim?.state ?? 'unissued',
    }));
  }
  return {};
}

function says(resource: unknown, type: string, url: string): boolean {
  if (fieldOf(resource, 'resourceType') !== type) return false;
  return listOf(fieldOf(resource, 'extension')).some((each) => fieldOf(each, 'url') === url);
}

async function confirmed(
  holder: Party | KeptHolder,
  query: Omit<FactsQuery, 'nonce'>,
  state: (facts: Awaited<ReturnType<typeof confirmFacts>>) => PresentState,
): Promise<PresentState> {
  if (!('agent' in holder)) return { standing: 'unconfirmed' };
  try {
    return state(await confirmFacts(holder, query));
  } catch (error) {
    if (isMedsealError(error)) return { standing: 'unconfirmed' };
    throw error;
  }
}

/** A policy of a party of the network ends by its date, whatever its author wrote when it began. */
function standingOfPolicy(resource: unknown, at: number): Standing | undefined {
  const isOfParty = listOf(fieldOf(resource, 'payor')).some(
    (payor) => fieldOf(fieldOf(payor, 'identifier'), 'system') === MEDSEAL_SYSTEMS.party,
  );
  const end = Date.parse(String(fieldOf(fieldOf(resource, 'period'), 'end'))) / 1000;
  return isOfParty && end < at ? 'expired' : undefined;
}
