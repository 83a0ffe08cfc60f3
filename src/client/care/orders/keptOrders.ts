import { ADDRESS, BYTES32, ListOf } from '../../../protocol/wire/findShapeError.ts';
import type { Address, Handle, RecordId } from '../../../protocol/ids.ts';
import { shapeOfType } from '../../../protocol/shapes/shapeOfType.ts';
import { DeviceBook, fairly } from '../../party/DeviceBook.ts';
import type { Party } from '../../party/Party.ts';

/** An order that a device knows of: its place, and what letters said of it. Only the chart has its words and its reports. */
export interface OrderKept {
  /** Record of the order. */
  readonly record: RecordId;
  readonly handle: Handle;
  /** The person who ordered. */
  readonly orderer: Address;
  /** The laboratory that was named, if this device knows of one. */
  readonly laboratory?: Address;
  /** When it was ordered, Unix seconds. */
  readonly at: number;
  /** True if there is a report, by a letter or the chart. */
  readonly answered?: boolean;
  /** True if the laboratory calls a result critical that is to be signed off: its word alone, until the chart is read. */
  readonly critical?: boolean;
  /** Versions of reports and results of which letters told, and that this device did not read on the chart yet. */
  readonly told?: readonly RecordTold[];
  /** The laboratory whose letter alone says that the party ordered this. */
  readonly toldBy?: Address;
  /** Of an order to this laboratory: records of its report and results. */
  readonly own?: readonly RecordId[];
  /** True if the laboratory says that it has no access to the chart. */
  readonly unreadable?: boolean;
  /** True if this party has nothing more to do, as the chart was when this device read it last. */
  readonly done?: boolean;
  /** Of an order that is done: number of versions on its chart that can be reports or results, when this device read it last. */
  readonly answers?: number;
}

/** A version of a report or result of which a letter told. */
export interface RecordTold {
  readonly record: RecordId;
  readonly version: number;
  /** True if the letter calls it critical. */
  readonly critical?: boolean;
}

/** Most open orders, in all and of one orderer. */
const [MOST, MOST_OF_ONE] = [2000, 500];
/** Most of them of which only letters of laboratories told the orderer, in all and of one laboratory. */
const [MOST_TOLD, MOST_TOLD_BY_ONE] = [500, 100];
/** Most records of its own that a laboratory keeps of an order, and most of which letters told. */
const [MOST_OWN, MOST_RECORDS_TOLD] = [16, 16];

const doneFirst = (one: Pick<OrderKept, 'done'>, other: Pick<OrderKept, 'done'>): number =>
  Number(other.done === true) - Number(one.done === true);
const ofOrderers = fairly<OrderKept>(
  MOST_OF_ONE,
  ({ orderer, toldBy }) => toldBy ?? orderer,
  doneFirst,
);
const ofTellers = fairly<OrderKept>(MOST_TOLD_BY_ONE, ({ toldBy = '' }) => toldBy, doneFirst);

/** No laboratory takes room by its letters from what the party ordered, nor from another laboratory. */
function withinRoom(orders: readonly OrderKept[], most: number): readonly OrderKept[] {
  const told = ofTellers(
    orders.filter(({ toldBy }) => toldBy !== undefined),
    MOST_TOLD,
  );
  const left = new Set(told);
  return ofOrderers(
    orders.filter((each) => each.toldBy === undefined || left.has(each)),
    most,
  );
}

/** Adds what a letter told to what others did, the critical ones first; an older version of a record goes. */
export function withTold(
  { told = [] }: Pick<OrderKept, 'told'>,
  next: RecordTold,
): readonly RecordTold[] {
  const others = told.filter(({ record }) => record !== next.record);
  const known = told.find(({ record }) => record === next.record);
  const newer = known !== undefined && known.version > next.version ? known : next;
  return [newer, ...others]
    .toSorted((one, other) => Number(other.critical === true) - Number(one.critical === true))
    .slice(0, MOST_RECORDS_TOLD);
}

/** Adds records of a laboratory’s answer to those that it has of the order; the newest stay. */
export function withOwn(
  known: readonly RecordId[] | undefined,
  records: readonly RecordId[],
): readonly RecordId[] {
  return [...new Set([...(known ?? []), ...records])].slice(-MOST_OWN);
}

/**
 * The key of an order: its record on its chart.
 *
 * @param order - The order.
 */
function keyOfOrder({ handle, record }: Pick<OrderKept, 'handle' | 'record'>): string {
  return `${handle}/${record}`;
}

const ORDERS = new DeviceBook({
  name: 'orders',
  shape: shapeOfType<OrderKept>('OrderKept')({
    record: BYTES32,
    handle: BYTES32,
    orderer: ADDRESS,
    'laboratory?': ADDRESS,
    at: 'count',
    'answered?': 'boolean',
    'critical?': 'boolean',
    'told?': new ListOf(
      { record: BYTES32, version: 'count', 'critical?': 'boolean' },
      MOST_RECORDS_TOLD,
    ),
    'toldBy?': ADDRESS,
    'own?': new ListOf(BYTES32, MOST_OWN),
    'unreadable?': 'boolean',
    'done?': 'boolean',
    'answers?': 'count',
  }),
  keyOf: keyOfOrder,
  most: MOST,
  within: withinRoom,
});

/**
 * Returns the orders that a device knows of, the newest last: those of which letters told it, and those of the party itself. Another
 * device of the party may know of others, and charts have them all: see `listOrders`.
 *
 * @param party - The orderer, or the laboratory.
 * @example
 * ```ts
 * await checkInbox(laboratory);
 * const open = (await ordersKept(laboratory)).filter(({ done }) => done !== true);
 * console.log(`${open.length} orders to do`);
 * ```
 */
export async function ordersKept(party: Party): Promise<readonly OrderKept[]> {
  return (await ORDERS.read(party)).toSorted((one, other) => one.at - other.at);
}

/** Stores what is known of an order, beside what the device knew of it. */
export async function noteOrder(
  party: Party,
  order: OrderKept,
  change: (known: OrderKept | undefined) => OrderKept | undefined = () => order,
): Promise<OrderKept> {
  return await ORDERS.merge(party, order, change);
}

/** Forgets records that are no orders. */
export async function forgetOrders(
  party: Party,
  orders: readonly Pick<OrderKept, 'handle' | 'record'>[],
): Promise<void> {
  await ORDERS.remove(party, orders.map(keyOfOrder));
}
