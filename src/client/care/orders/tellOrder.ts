import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Address, Handle } from '../../../protocol/ids.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { enteredIn } from '../../letters/enteredIn.ts';
import { sendLetter } from '../../letters/letters.ts';
import type { Party } from '../../party/Party.ts';
import type { LoggedVersion } from '../../records/logVersion.ts';
import { noteOrder, type OrderKept } from './keptOrders.ts';

/** An order that is on a chart. */
export interface OrderPlaced extends Pick<LoggedVersion, 'record' | 'acknowledgement'> {
  readonly handle: Handle;
  /** The laboratory that it names; nobody is told if it names none. */
  readonly laboratory?: Address;
}

/**
 * Keeps an order of the party in the list of its device, and tells the laboratory of it by a letter that only the laboratory can open. The
 * letter names chart and record, and nothing of what was ordered: the laboratory reads that by a right of its own, and says so if it has
 * none. Safe to repeat.
 *
 * @param party - Whoever ordered.
 * @param placed - The order, as `addBundle` put it on the chart.
 * @throws MedsealError `ROLE_UNFIT` if it has another role; `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `KEY_UNAUTHENTIC`, `QUOTA_SPENT`: the
 * order is on the chart all the same.
 * @example
 * ```ts
 * const { address: author } = doctor;
 * const values = { service: 'HbA1c', ordered: '2026-03-14T09:30Z', laboratory: laboratory.address };
 * const at = Math.floor(Date.now() / 1000);
 * const bundle = fillForm('order', values, { handle, author, at });
 * const { records } = await addBundle(doctor, { handle, bundle, purpose: 'TREAT', grant });
 * for (const each of records) {
 *   await tellOrder(doctor, { ...each, handle, laboratory: laboratory.address });
 * }
 * ```
 */
export async function tellOrder(party: Party, placed: OrderPlaced): Promise<void> {
  const { handle, record, acknowledgement, laboratory } = placed;
  const { at } = enteredIn(party, acknowledgement);
  const known = { record, handle, orderer: party.address, at };
  await noteOrder(party, { ...known, ...(laboratory && { laboratory }) }, (before) =>
    before === undefined ? { ...known, ...(laboratory && { laboratory }) } : undefined,
  );
  if (laboratory === undefined) return;
  await requireLaboratory(party, laboratory);
  await sendLetter(party, laboratory, { order: { entry: acknowledgement } });
}

/**
 * Requires that k coordinators say that a party is a laboratory.
 *
 * @param party - Whoever asks.
 * @param laboratory - The party.
 * @throws MedsealError `PARTY_UNKNOWN`, `ROLE_UNFIT`.
 */
export async function requireLaboratory(party: Party, laboratory: Address): Promise<void> {
  const { party: facts } = await confirmFacts(party, { party: laboratory });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (facts.role === 'lab') return;
  throw new MedsealError('ROLE_UNFIT', { what: 'the answer to an order', role: facts.role });
}

/**
 * Tells whoever ordered that the laboratory has no access to the chart, so that the patient can be asked. Nobody is given anything by it.
 *
 * @param party - The laboratory.
 * @param order - The order, as its device knows it.
 * @throws MedsealError `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `KEY_UNAUTHENTIC`, `QUOTA_SPENT`.
 * @example
 * ```ts
 * for await (const { kept, error } of listOrders(laboratory)) {
 *   if (error?.code === 'RIGHT_MISSING') for (const each of kept) await tellUnreadable(laboratory, each);
 * }
 * ```
 */
export async function tellUnreadable(party: Party, order: OrderKept): Promise<void> {
  await sendLetter(party, order.orderer, { orderAnswer: { order: order.record } });
  await noteOrder(party, { ...order, unreadable: true });
}
