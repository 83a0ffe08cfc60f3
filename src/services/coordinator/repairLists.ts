import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { BINARY_VALUES, SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { CopiedEntry, EvidenceLog } from '../../log/EvidenceLog.ts';
import { ZERO32, type Bytes32, type LogName } from '../../protocol/ids.ts';
import { MOST_LISTS } from '../../protocol/shapes/askedShapes.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { pairBytes, requirePairs, type ListedPair } from '../../protocol/evidence/viewSet.ts';
import { askForLists, isWhole, type ListWanted } from '../entries/askForLists.ts';
import { readableEntries } from '../entries/readableEntries.ts';
import type { CoordinatorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { bodyKey, pairKey, pairsOf, partsOfKey, rowsOf } from './coordinatorKeys.ts';
import { setIn } from './faultOfPairs.ts';
import { judgedBody } from './judgedBody.ts';
import { listedPairs } from './listedPairs.ts';
import { nameLeaves } from './nameLeaves.ts';
import { openJudged } from './openJudged.ts';

/** Result of a repair of the lists of sets of views. */
export interface ListsRepair {
  /** Entries whose list was written again. */
  readonly restored: readonly Bytes32[];
  /** Entries whose list nobody could give. */
  readonly lost: readonly Bytes32[];
}

/**
 * Requires that a repair lost no list.
 *
 * @param repair - Its result.
 * @throws MedsealError `LISTS_LOST`.
 */
export function requireNoneLost({ lost }: ListsRepair): void {
  const [first] = lost;
  if (first !== undefined) throw new MedsealError('LISTS_LOST', { count: lost.length, first });
}

/** Parts of a coordinator that keeps lists. */
export interface ListsRepairOptions {
  readonly database: ServiceDatabase;
  readonly bodies: BodyEncryption;
  /** Its organisation's own log and its copies of the channel's others. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  /** The other organisations' coordinators. */
  readonly others: ReadonlyMap<string, Pick<CoordinatorPort, 'listed'>>;
}

/** A set whose list is not whole, with its body. */
interface Damaged extends ListWanted {
  readonly body: Uint8Array;
}

/**
 * Has a coordinator keep the list of each set of views that a log of its organisation has, whoever judged it: examines the lists, and
 * writes those that are not there, are lost or were altered, as others hold them. Their lists are compared with the root that
 * the reader signed. Leaves of record versions that its own logs have are named by those. The body goes with the list, for it says the root.
 *
 * @param context - The organisation's context.
 * @param options - Store, encryption, logs and the others.
 * @param from - Place in each log before which nothing is examined, moved behind what was; if absent, all is examined, and rows without a
 * body are removed.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function repairLists(
  context: ServiceContext,
  options: ListsRepairOptions,
  from?: Map<LogName, number>,
): Promise<ListsRepair> {
  const { primitives } = context;
  const { database, bodies, logs, others } = options;
  const restored: Bytes32[] = [];
  const lost: Bytes32[] = [];
  for (const [name, log] of logs) {
    const { size } = log;
    let group: Damaged[] = [];
    for await (const page of readableEntries(log, from?.get(name))) {
      for (const each of page) {
        const damaged = await damagedIn(each);
        if (damaged !== undefined) group.push(damaged);
        if (group.length === MOST_LISTS) group = await repairGroup(name, group);
      }
    }
    await repairGroup(name, group);
    from?.set(name, size);
  }
  if (from === undefined) await removeOrphans();
  return { restored, lost };

  async function damagedIn({ entry, body: text }: CopiedEntry): Promise<Damaged | undefined> {
    // A body is canonical JSON: those of other requests need not be parsed.
    if (text?.includes('"type":"ViewSet"') !== true) return undefined;
    const body = utf8ToBytes(text);
    const found = setIn(body);
    if (found === undefined) return undefined;
    const list = (await listedPairs(options, entry)) ?? [];
    const isSigned = succeeds(() => requirePairs(primitives, found.set, list).length > 0);
    const known = isSigned ? list : [];
    const isKept = isWhole({ ...found, entry, known }) && (await hasBody(entry));
    const isNamed = (await named(found, known)) === known;
    return isKept && isNamed ? undefined : { ...found, entry, body, known };
  }

  async function named(
    { set }: Pick<Damaged, 'set'>,
    list: readonly ListedPair[],
  ): Promise<readonly ListedPair[]> {
    return await nameLeaves(primitives, logs.values(), set, list);
  }

  async function hasBody(entry: Bytes32): Promise<boolean> {
    return (await judgedBody(database, bodies, entry)) !== undefined;
  }

  /** Removes the rows of lists whose body is not there: a body and its list are written together. */
  async function removeOrphans(): Promise<void> {
    let last: string | undefined;
    for await (const key of database.keys(rowsOf('pair'))) {
      const [entry] = partsOfKey('pair', key) as readonly Bytes32[];
      if (entry === undefined || entry === last) continue;
      last = entry;
      const isThere = (await database.get(bodyKey(entry))) !== undefined;
      if (!isThere) await database.clear(pairsOf(entry));
    }
  }

  /** Repairs the lists of some sets of a log, and returns an empty group. */
  async function repairGroup(log: LogName, group: readonly Damaged[]): Promise<Damaged[]> {
    const lists = await askForLists(context, [...others.values()], log, group);
    for (const [nth, each] of group.entries()) {
      const known = await named(each, lists[nth] ?? []);
      if (known.length > 0) await write(each, known);
      (isWhole({ ...each, known }) ? restored : lost).push(each.entry);
    }
    return [];
  }

  /** Writes a list. If the others know only a leaf, a pair that this store still has stays. */
  async function write({ entry, set, body }: Damaged, list: readonly ListedPair[]): Promise<void> {
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
    // In one batch: rows without a body would belong to nothing.
    puts.push({ key: bodyKey(entry), value: bodies.seal(0, body) });
    for (const { key } of puts) own.delete(key);
    const changes = [
      ...[...own.keys()].map((key) => ({ type: 'del' as const, key })),
      ...puts.map((put) => ({ type: 'put' as const, ...put })),
    ];
    await database.batch<string, Uint8Array>(changes, { ...BINARY_VALUES, ...SYNCED });
  }
}
