import type { KnownRight, Mistake, OrderKept } from '../../../../src/client/index.ts';
import type { Address, Handle } from '../../../../src/protocol/ids.ts';

/** Reasons for which a patient is of this day, the most pressing first. */
export const DAY_REASONS = ['critical', 'results', 'order', 'message', 'seen', 'given'] as const;

/** A reason for which a patient is of this day. */
export type DayReason = (typeof DAY_REASONS)[number];

/** A patient as the device knows them without a look at the chart. */
export interface PatientKnown {
  readonly handle: Handle;
  readonly name: string;
  /** Rights that hold. */
  readonly rights: readonly Pick<KnownRight, 'grant'>[];
  /** When this device looked last, Unix seconds; undefined if it does not know. */
  readonly seen: number | undefined;
}

/** Work that waits for a reader, as letters told. */
export interface WaitingOfPatients {
  readonly own: Address;
  readonly orders: readonly OrderKept[];
  /** Messages that wait for an answer. */
  readonly messages: readonly Pick<Mistake, 'about'>[];
}

/** A patient in the list, with the reasons for which they are of this day. */
export interface PatientOfDay {
  readonly handle: Handle;
  readonly reasons: readonly DayReason[];
}

/**
 * Sorts patients into those of this day, what presses first, and the others by name.
 *
 * @param patients - The patients.
 * @param waiting - Work that waits for the reader.
 * @param since - When the day began where the reader is, Unix seconds.
 */
export function dayOfPatients(
  patients: readonly PatientKnown[],
  { own, orders, messages }: WaitingOfPatients,
  since: number,
): { readonly today: readonly PatientOfDay[]; readonly others: readonly PatientOfDay[] } {
  const reasonsOf = ({ handle, rights, seen = 0 }: PatientKnown): readonly DayReason[] => {
    const open = orders.filter((each) => each.handle === handle && each.done !== true);
    const ordered = open.filter(({ orderer }) => orderer === own);
    const is: Readonly<Record<DayReason, boolean>> = {
      critical: ordered.some(({ critical }) => critical === true),
      results: ordered.some(({ answered, critical }) => answered === true && critical !== true),
      order: ordered.length < open.length,
      message: messages.some(({ about }) => about.handle === handle),
      seen: seen >= since,
      given: rights.some(({ grant }) => grant.terms.from >= since),
    };
    return DAY_REASONS.filter((reason) => is[reason]);
  };
  const placeOf = ({ reasons: [first] }: PatientOfDay): number =>
    first === undefined ? DAY_REASONS.length : DAY_REASONS.indexOf(first);
  const listed = patients
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .map((patient): PatientOfDay => ({ handle: patient.handle, reasons: reasonsOf(patient) }));
  return {
    today: listed
      .filter(({ reasons }) => reasons.length > 0)
      .toSorted((one, other) => placeOf(one) - placeOf(other)),
    others: listed.filter(({ reasons }) => reasons.length === 0),
  };
}
