import { BINARY_VALUES, SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import { ZERO32, type Bytes32, type LogName } from '../../protocol/ids.ts';
import { MOST_LISTS } from '../../protocol/shapes/askedShapes.ts';
import { pairBytes, requirePairs, type ListedPair } from '../../protocol/viewSet.ts';
import { askForLists } from '../entries/askForLists.ts';
import type { CoordinatorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { pairKey, pairsOf, partsOfKey, rowsOf } from './coordinatorKeys.ts';
import { faultOfList, setIn, type StoredSet } from './faultOfPairs.ts';
import { openJudged } from './openJudged.ts';

/** Result of a repair of the lists of sets of views. */
export interface ListsRepair {
  /** Entries whose list was written again. */
  readonly restored: readonly Bytes32[];
  /** Entries whose list nobody could give. */
  readonly lost: readonly Bytes32[];
}

/** Parts of a coordinator that repairs its lists. */
export interface ListsRepairOptions {
  readonly database: ServiceDatabase;
  readonly bodies: BodyEncryption;
  /** The other organisations' coordinators. */
  readonly others: ReadonlyMap<string, Pick<CoordinatorPort, 'listed'>>;
}

/** A set whose list is not whole. */
interface Damaged extends StoredSet {
  readonly entry: Bytes32;
}

/**
 * Examines the list of each set of views whose body a coordinator keeps, and writes those that are lost or were altered again, as
 * others hold them: what they give is held against the root that the reader signed.
 *
 * @param context - The organisation's context.
 * @param options - Store, encryption and the others.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function repairLists(
  context: ServiceContext,
  options: ListsRepairOptions,
): Promise<ListsRepair> {
  const { primitives } = context;
  const { database, bodies, others } = options;
  const restored: Bytes32[] = [];
  const lost: Bytes32[] = [];
  const damaged = new Map<LogName, Damaged[]>();
  const rows = database.iterator<string, Uint8Array>({ ...rowsOf('body'), ...BINARY_VALUES });
  for await (const [key, row] of rows) {
    const [entry] = partsOfKey('body', key) as readonly Bytes32[];
    const body = entry && openJudged(bodies, entry, row);
    const stored = body && setIn(body);
    if (entry === undefined || body === undefined || stored === undefined) continue;
    if ((await faultOfList(primitives, options, entry, body)) === undefined) continue;
    const group = damaged.get(stored.log) ?? [];
    damaged.set(stored.log, [...group, { ...stored, entry }]);
    if (group.length + 1 === MOST_LISTS) await repairGroup(stored.log);
  }
  for (const log of damaged.keys()) await repairGroup(log);
  return { restored, lost };

  async function repairGroup(log: LogName): Promise<void> {
    const group = damaged.get(log) ?? [];
    damaged.set(log, []);
    const lists = await askForLists(context, [...others.values()], log, group);
    for (const [nth, each] of group.entries()) {
      const list = lists[nth];
      if (list !== undefined) await write(each, list);
      (list === undefined ? lost : restored).push(each.entry);
    }
  }

  /** Writes a list. If the others know only a leaf, a pair that this store still has stays. */
  async function write({ entry, set }: Damaged, list: readonly ListedPair[]): Promise<void> {
    const leaves = requirePairs(primitives, set, list);
    const range = { ...pairsOf(entry), ...BINARY_VALUES };
    const own = new Map(await database.iterator<string, Uint8Array>(range).all());
    const puts = list.map((pair, place) => {
      const leaf = leaves[place] ?? ZERO32;
      const key = pairKey(entry, leaf);
      if ('record' in pair) return { key, value: bodies.seal(0, pairBytes(set.salt, pair)) };
      const row = own.get(key);
      const isSound = openJudged(bodies, leaf, row) !== undefined;
      return { key, value: (isSound && row) || new Uint8Array(0) };
    });
    for (const { key } of puts) own.delete(key);
    const changes = [
      ...[...own.keys()].map((key) => ({ type: 'del' as const, key })),
      ...puts.map((put) => ({ type: 'put' as const, ...put })),
    ];
    await database.batch<string, Uint8Array>(changes, { ...BINARY_VALUES, ...SYNCED });
  }
}
