import type { Bundle, MedicationRequest, Resource } from '@medplum/fhirtypes';

/** The call of a check of an order, as CDS Hooks' `order-sign` has it; the chart's resources come along as prefetch. */
export interface OrderSign {
  readonly hook: 'order-sign';
  /** A fresh UUID. */
  readonly hookInstance: string;
  readonly context: {
    /** `Practitioner/` and a fresh id: it does not say who prescribes. */
    readonly userId: string;
    /** A fresh id: it does not say who the patient is. */
    readonly patientId: string;
    readonly draftOrders: Bundle<MedicationRequest>;
  };
  readonly prefetch: {
    /** Allergies that the chart has now. */
    readonly allergies: Bundle;
    /** Medicines that the chart has now. */
    readonly medications: Bundle;
  };
}

/** A card of CDS Hooks: what a check has to say of an order. Not trusted: another system wrote it. */
export interface CdsCard {
  readonly summary: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  readonly source: { readonly label: string };
}

/** Checks an order before it is signed, such as a database of interactions. */
export type OrderCheck = (sign: OrderSign) => Promise<readonly CdsCard[]>;

/**
 * Puts together what a check of an order is given. Neither patient nor prescriber is named in it.
 *
 * @param draft - The order.
 * @param chart - Resources of the chart that count now.
 * @param chart.allergies - Its allergies.
 * @param chart.medications - Its medicines.
 * @param randomId - Returns a fresh UUID.
 */
export function orderSignOf(
  { subject: _subject, requester: _requester, ...draft }: MedicationRequest,
  chart: { readonly allergies: readonly unknown[]; readonly medications: readonly unknown[] },
  randomId: () => string,
): OrderSign {
  const patientId = randomId();
  const order: MedicationRequest = { ...draft, subject: { reference: `Patient/${patientId}` } };
  return {
    hook: 'order-sign',
    hookInstance: randomId(),
    context: {
      userId: `Practitioner/${randomId()}`,
      patientId,
      draftOrders: bundleOf([order]) as Bundle<MedicationRequest>,
    },
    prefetch: {
      allergies: bundleOf(chart.allergies),
      medications: bundleOf(chart.medications),
    },
  };
}

function bundleOf(resources: readonly unknown[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource: resource as Resource })),
  };
}
