import { BINARY_VALUES, type ServiceDatabase } from '../../database/synced.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { pairIn, type ListedPair } from '../../protocol/evidence/viewSet.ts';
import { pairsOf, partsOfKey } from './coordinatorKeys.ts';
import { openJudged } from './openJudged.ts';

/**
 * Returns the record versions that the set of views of an entry names, as a coordinator keeps them, in the order of
 * the set.
 *
 * @param stored - Its store, and what encrypts bodies there.
 * @param entry - Entry of the set.
 * @returns Undefined if a row was altered; empty if it keeps no such set. One whose row is empty is its leaf alone.
 */
export async function listedPairs(
  {
    database,
    bodies,
  }: { readonly database: ServiceDatabase; readonly bodies: Pick<BodyEncryption, 'open'> },
  entry: Bytes32,
): Promise<readonly ListedPair[] | undefined> {
  const pairs: ListedPair[] = [];
  const rows = database.iterator<string, Uint8Array>({ ...pairsOf(entry), ...BINARY_VALUES });
  for await (const [key, row] of rows) {
    const [, leaf] = partsOfKey('pair', key);
    if (leaf === undefined) return undefined;
    const bytes = row.length === 0 ? undefined : openJudged(bodies, leaf as Bytes32, row);
    if (row.length > 0 && bytes === undefined) return undefined;
    pairs.push(bytes === undefined ? { leaf: leaf as Bytes32 } : pairIn(bytes));
  }
  return pairs;
}
