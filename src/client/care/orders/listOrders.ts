import { toMedsealError } from '../../../errors/toMedsealError.ts';
import type { MedsealError } from '../../../errors/MedsealError.ts';
import { FORM_CATEGORIES } from '../../../fhir/forms/formNames.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Handle, RecordId } from '../../../protocol/ids.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { knownRights } from '../../party/knownRights.ts';
import type { Party } from '../../party/Party.ts';
import type { ChartRecord } from '../../records/viewChart.ts';
import { answersOn } from './answersOn.ts';
import { forgetOrders, ordersKept, type OrderKept } from './keptOrders.ts';
import { noteRead } from './noteRead.ts';
import { chartWithOrders } from './openOrder.ts';
import { readOrders, type OrderRead } from './readOrders.ts';

/** Seconds for which a list looks again at charts of orders that are done. */
const LOOKS_AGAIN = 90 * 86_400;

/** Open orders of one chart. */
export interface OrdersOnChart {
  readonly handle: Handle;
  /** Open orders of which the device knew, with what it knows of them from now on. */
  readonly kept: readonly OrderKept[];
  /** Open orders as the chart has them: those that wait for this laboratory, or for the party’s own sign-off or a report. */
  readonly orders: readonly OrderRead[];
  /** Those of `kept` that the chart of this node does not have yet. */
  readonly waiting: readonly OrderKept[];
  /** Records that may be orders, reports or results and cannot be read now: while there is one, orders may be missing here. */
  readonly unread: readonly ChartRecord[];
  /** Why the chart could not be read, such as `RIGHT_MISSING` or `RIGHT_ENDED`. */
  readonly error?: MedsealError;
}

/**
 * Reads the open orders that a device knows of, each as its chart has it now, which is a view. An order that is over leaves the
 * list, and comes back when whoever ordered lists again after a report or result was corrected: the list looks at the party’s orders of the
 * last 90 days that are done, and at older ones on charts that it reads anyway. It opens them only if their chart has versions of reports or
 * results that it did not have before. The laboratory’s letter about a correction opens an order of any age; without one, nothing is found of
 * older orders on other charts, nor by a party whose right ended. A result that a letter called critical stays noted until the device read it on the chart.
 *
 * @param party - The laboratory, or whoever ordered.
 * @param everywhere - True to look on every chart that a right of the party lets it read, for orders of which no letter came.
 * @returns Each chart once it was read.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * await checkInbox(laboratory);
 * for await (const { handle, orders, error } of listOrders(laboratory)) {
 *   console.log(handle, error?.code ?? orders.map(stateOfOrder).join(', '));
 * }
 * ```
 */
export async function* listOrders(party: Party, everywhere = false): AsyncGenerator<OrdersOnChart> {
  const known = await ordersKept(party);
  const [open, over] = [known.filter(({ done }) => !done), known.filter(({ done }) => done)];
  const byHandle = Map.groupBy(open, ({ handle }) => handle);
  const own = over.filter(({ orderer }) => orderer === party.address);
  const doneOn = Map.groupBy(own, ({ handle }) => handle);
  const since = seconds(party.clock) - LOOKS_AGAIN;
  const recent = own.filter(({ at }) => at >= since).map(({ handle }) => handle);
  const wanted = new Set([...byHandle.keys(), ...(everywhere ? await readable(party) : [])]);
  const handles = new Set([...wanted, ...recent]);
  const { party: facts } = await confirmFacts(party, { party: party.address });
  const isLaboratory = facts?.role === 'lab';
  for (const handle of handles) {
    const kept = byHandle.get(handle) ?? [];
    const done = doneOn.get(handle) ?? [];
    const found = await ordersOn(party, { handle, kept, done, everywhere, isLaboratory });
    const isOver = ['RIGHT_MISSING', 'RIGHT_ENDED'].some((code) => found.error?.code === code);
    if (wanted.has(handle) || !isOver) yield found;
  }
}

async function ordersOn(
  party: Party,
  asked: Pick<OrdersOnChart, 'handle' | 'kept'> & {
    readonly done: readonly OrderKept[];
    readonly everywhere: boolean;
    readonly isLaboratory: boolean;
  },
): Promise<OrdersOnChart> {
  const { handle, kept, done, everywhere, isLaboratory } = asked;
  try {
    const chart = await chartWithOrders(party, handle);
    const all = everywhere ? await readOrders(party, chart) : { orders: [], unread: [] };
    const found = new Set(all.orders.map(({ record }) => record));
    const answers = answersOn(chart);
    const changed = done.filter((each) => each.answers !== answers);
    const rest = [...kept, ...changed]
      .map(({ record }) => record)
      .filter((each) => !found.has(each));
    const told = await readOrders(party, chart, new Set(rest));
    const orders = [...all.orders, ...told.orders];
    const unread = [
      ...new Map([...all.unread, ...told.unread].map((each) => [each.record, each])).values(),
    ];
    const known = new Set([...orders, ...unread].map(({ record }) => record));
    // A letter named a record that is something else.
    await forgetOrders(
      party,
      [...kept, ...changed].filter(({ record }) => {
        return chart.records.some((each) => each.record === record) && !known.has(record);
      }),
    );
    const left: OrderRead[] = [];
    const noted = new Map<RecordId, OrderKept>();
    for (const order of orders.filter((each) => isOwn(party, each, isLaboratory))) {
      const now = await noteRead(party, { chart, unread }, order);
      noted.set(order.record, now);
      if (now.done !== true) left.push(order);
    }
    const there = new Set(chart.records.map(({ record }) => record));
    const waiting = kept.filter(({ record }) => !there.has(record));
    const stillKept = kept.map((each) => noted.get(each.record) ?? each);
    return { handle, kept: stillKept, orders: left, waiting, unread };
  } catch (error) {
    return { handle, kept, orders: [], waiting: [], unread: [], error: toMedsealError(error) };
  }
}

function isOwn(party: Party, { orderer, laboratory }: OrderRead, isLaboratory: boolean): boolean {
  if (orderer === party.address) return true;
  return isLaboratory && (laboratory ?? party.address) === party.address;
}

/** The charts that a right of the device lets a party read, as far as the device knows. */
async function readable(party: Party): Promise<readonly Handle[]> {
  const now = seconds(party.clock);
  return (await knownRights(party))
    .map(({ grant }) => grant)
    .filter(({ terms }) => {
      const isNow = terms.from <= now && now < terms.until;
      return isNow && terms.read && terms.categories.includes(FORM_CATEGORIES.order);
    })
    .map(({ handle }) => handle);
}
