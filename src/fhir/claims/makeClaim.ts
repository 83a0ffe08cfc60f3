import type { Claim, Invoice } from '@medplum/fhirtypes';
import type { Address, Bytes32, Handle, RecordId } from '../../protocol/ids.ts';
import { MEDSEAL_SYSTEMS } from '../medsealSystems.ts';
import { moneyOf, unitsOf } from './money.ts';

/** A claim to be written. */
export interface ClaimToWrite {
  readonly handle: Handle;
  readonly claimant: Address;
  readonly insurer: Address;
  /** Record that holds the `Coverage`. */
  readonly coverage: RecordId;
  /** Entries of the records that it rests on. */
  readonly records: readonly Bytes32[];
  /** The bill, as `makeInvoice` writes it. */
  readonly bill: Invoice;
  /** ISO 4217 code of the bill's currency. */
  readonly currency: string;
  /** Amount that is asked for, in hundredths; the bill's total unless it is the rest that another insurer left. */
  readonly units?: number;
  /** True if it asks in advance whether the insurer will pay. */
  readonly ahead?: boolean;
  /** Digest of the claim whose rest it asks for. */
  readonly follows?: Bytes32;
  /** When it was written, Unix seconds. */
  readonly at: number;
}

const HL7 = 'http://terminology.hl7.org/CodeSystem';

/**
 * A FHIR R4 Claim, in its use `claim` or `preauthorization`. Its lines are those of the bill; it names its records by
 * their entries, and says nothing of what is in them.
 *
 * @param claim - Bill, records, patient, and both sides.
 * @throws MedsealError `ARGUMENT_INVALID`, `FHIR_INVALID` for an amount that cannot be.
 */
export function makeClaim(claim: ClaimToWrite): Claim {
  const { handle, claimant, insurer, coverage, records, bill, currency, follows } = claim;
  const asked = claim.units ?? unitsOf(bill.totalGross, currency);
  return {
    resourceType: 'Claim',
    status: 'active',
    type: { coding: [{ system: `${HL7}/claim-type`, code: 'professional' }] },
    use: claim.ahead === true ? 'preauthorization' : 'claim',
    patient: { identifier: { system: MEDSEAL_SYSTEMS.handle, value: handle } },
    created: new Date(claim.at * 1000).toISOString(),
    insurer: { identifier: { system: MEDSEAL_SYSTEMS.party, value: insurer } },
    provider: { identifier: { system: MEDSEAL_SYSTEMS.party, value: claimant } },
    priority: { coding: [{ system: `${HL7}/processpriority`, code: 'normal' }] },
    ...(follows !== undefined && {
      related: [{ claim: { identifier: { system: MEDSEAL_SYSTEMS.claim, value: follows } } }],
    }),
    ...(records.length > 0 && {
      supportingInfo: records.map((entry, place) => ({
        sequence: place + 1,
        category: { coding: [{ system: `${HL7}/claiminformationcategory`, code: 'attachment' }] },
        valueReference: { identifier: { system: MEDSEAL_SYSTEMS.entry, value: entry } },
      })),
    }),
    insurance: [
      {
        sequence: 1,
        focal: true,
        coverage: { identifier: { system: MEDSEAL_SYSTEMS.record, value: coverage } },
      },
    ],
    item: (bill.lineItem ?? []).map(({ chargeItemCodeableConcept, priceComponent }, place) => ({
      sequence: place + 1,
      productOrService: chargeItemCodeableConcept ?? {},
      ...(priceComponent?.[0]?.amount && { net: priceComponent[0].amount }),
    })),
    total: moneyOf(asked, currency),
  };
}
