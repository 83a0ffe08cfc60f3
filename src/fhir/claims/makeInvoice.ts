import type { Invoice } from '@medplum/fhirtypes';
import type { Address, Handle } from '../../protocol/ids.ts';
import { MEDSEAL_SYSTEMS } from '../medsealSystems.ts';
import { moneyOf } from './money.ts';

/** A line of a bill. */
export interface BillLine {
  /** The service in words. */
  readonly service: string;
  /** Code of the service, such as one of a tariff. */
  readonly code?: { readonly system: string; readonly code: string };
  /** Amount, in hundredths of the currency. */
  readonly units: number;
}

/** A bill for a treatment. */
export interface TreatmentBill {
  readonly handle: Handle;
  readonly issuer: Address;
  /** ISO 4217 code of the currency. */
  readonly currency: string;
  readonly lines: readonly BillLine[];
  /** When it was written, Unix seconds. */
  readonly at: number;
}

/**
 * A FHIR R4 Invoice; its total is the sum of its lines.
 *
 * @param bill - Lines, patient, and who bills.
 * @throws MedsealError `ARGUMENT_INVALID` for an amount that cannot be.
 */
export function makeInvoice({ handle, issuer, currency, lines, at }: TreatmentBill): Invoice {
  const total = moneyOf(
    lines.reduce((sum, { units }) => sum + units, 0),
    currency,
  );
  return {
    resourceType: 'Invoice',
    status: 'issued',
    subject: { identifier: { system: MEDSEAL_SYSTEMS.handle, value: handle } },
    date: new Date(at * 1000).toISOString(),
    issuer: { identifier: { system: MEDSEAL_SYSTEMS.party, value: issuer } },
    lineItem: lines.map(({ service, code, units }, place) => ({
      sequence: place + 1,
      chargeItemCodeableConcept: { ...(code && { coding: [{ ...code }] }), text: service },
      priceComponent: [{ type: 'base', amount: moneyOf(units, currency) }],
    })),
    totalNet: total,
    totalGross: total,
  };
}
