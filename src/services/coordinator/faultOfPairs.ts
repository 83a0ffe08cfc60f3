import { bytesToUtf8 } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { BINARY_VALUES, type ServiceDatabase } from '../../database/synced.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import type { ViewSet } from '../../protocol/struct/requests.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { acceptedPlaces, requirePairs } from '../../protocol/evidence/viewSet.ts';
import { bodyKey, partsOfKey } from './coordinatorKeys.ts';
import { listedPairs } from './listedPairs.ts';
import { openJudged } from './openJudged.ts';

/** A coordinator’s store of bodies and lists, and what encrypts them. */
export interface StoredPairs {
  readonly database: ServiceDatabase;
  readonly bodies: BodyEncryption;
}

/**
 * Returns what is wrong with the list of a set of views that a coordinator keeps: it must be the one that was signed, and name each
 * record version that was accepted. Of one that was left out it may have the leaf alone.
 *
 * @param primitives - SHA-256.
 * @param stored - The coordinator's.
 * @param entry - Entry of a body.
 * @param body - The body.
 * @returns Undefined if the list is whole, or the body is not of a set.
 */
export async function faultOfList(
  primitives: Pick<Primitives, 'sha256'>,
  stored: StoredPairs,
  entry: Bytes32,
  body: Uint8Array,
): Promise<string | undefined> {
  const found = setIn(body);
  if (found === undefined) return undefined;
  const list = await listedPairs(stored, entry);
  if (!succeeds(() => requirePairs(primitives, found.set, list).length > 0)) {
    return `the list of the set of views of entry ${entry} is not the one that was signed`;
  }
  if (list?.every((pair, place) => 'record' in pair || !found.isAccepted(place)) === true)
    return undefined;
  return `the list of the set of views of entry ${entry} does not name each record that was accepted`;
}

/**
 * Makes a function that returns what is wrong with a row of such a list: it belongs to a set of views whose body is there. The body is read
 * once for all rows of a list that follow each other.
 *
 * @param stored - The coordinator's.
 * @returns Takes the row's key; undefined if nothing is wrong, but for what is wrong with the list.
 */
export function pairExamination({
  database,
  bodies,
}: StoredPairs): (key: string) => Promise<string | undefined> {
  let last: { readonly entry: Bytes32; readonly fault: string | undefined } | undefined;

  return async (key) => {
    const [entry] = partsOfKey('pair', key) as readonly Bytes32[];
    if (entry === undefined) return 'belongs to no body';
    if (last?.entry !== entry) last = { entry, fault: await faultOf(entry) };
    return last.fault;
  };

  async function faultOf(entry: Bytes32): Promise<string | undefined> {
    const row = await database.get<string, Uint8Array>(bodyKey(entry), BINARY_VALUES);
    if (row === undefined) return 'belongs to no body';
    const body = openJudged(bodies, entry, row);
    // An altered body is a fault of its own.
    return body === undefined || setIn(body) !== undefined
      ? undefined
      : 'belongs to no set of views';
  }
}

/** A set of views in a body, and the log that it is for. */
export interface StoredSet {
  readonly set: ViewSet;
  readonly log: LogName;
  /** Tells which places of its list were accepted. */
  readonly isAccepted: (place: number) => boolean;
}

/**
 * Returns the set of views that a stored body is of.
 *
 * @param body - The body, which its entry is the hash of.
 * @returns Undefined for another one.
 */
export function setIn(body: Uint8Array): StoredSet | undefined {
  const parsed = parseEntryBody(bytesToUtf8(body));
  if (parsed.format !== 'medseal-body/1' || parsed.request.type !== 'ViewSet') return undefined;
  const set = parsed.request.message as ViewSet;
  return { set, log: parsed.log, isAccepted: acceptedPlaces(parsed) };
}
