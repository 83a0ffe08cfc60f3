import { exactRow } from '../../database/exactRow.ts';
import { BINARY_VALUES, type ServiceDatabase } from '../../database/synced.ts';
import { sortable } from '../../database/sortable.ts';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { OrganisationExamination } from '../examination/OrganisationExamination.ts';
import { bodyKey, partsOfKey, releasedKey, releasedOfKey } from './coordinatorKeys.ts';
import { RELEASED_ROW } from './coordinatorRows.ts';
import { isReleasedSound } from './isReleasedSound.ts';
import { openJudged } from './openJudged.ts';

/**
 * Returns what is wrong with the note of a release, or with the row that finds it by the chart: each must have the other.
 *
 * @param examination - The organisation's.
 * @param stored - The coordinator's store, and what encrypts its bodies.
 * @param key - Key of either row.
 * @param bytes - Its value.
 * @returns Undefined if both are as they were written.
 */
export async function faultOfReleased(
  { network, organisation, ports: { primitives } }: OrganisationExamination,
  stored: { readonly database: ServiceDatabase; readonly bodies: BodyEncryption },
  key: string,
  bytes: Uint8Array,
): Promise<string | undefined> {
  const { database } = stored;
  const [handle, at, found] = partsOfKey('releasedOf', key);
  if (handle !== undefined) {
    const note = await rowOf(database, releasedKey(found as Bytes32));
    const isOfNote =
      bytes.length === 0 &&
      isOfShape(RELEASED_ROW, note) &&
      note.handle === handle &&
      sortable(note.at) === at;
    return isOfNote ? undefined : 'finds no such note of a release';
  }
  const [entry] = partsOfKey('released', key) as readonly Bytes32[];
  const row = exactRow(bytes);
  const context = { domain: domainOf(network), primitives };
  if (entry === undefined || !isReleasedSound(context, network, organisation, entry, row)) {
    return 'was altered';
  }
  if (!isOfShape(RELEASED_ROW, row) || row.handle === undefined) return undefined;
  const index = await database.get(releasedOfKey(row.handle, row.at, entry));
  if (index === undefined) return 'is not found by its chart';
  const viewed = await viewedIn(stored, row.of?.entry ?? entry);
  return viewed === undefined || viewed === row.handle ? undefined : 'is of another chart';
}

/** Handle of the chart that a judged view is of; undefined if the coordinator did not judge it. */
async function viewedIn(
  { database, bodies }: { readonly database: ServiceDatabase; readonly bodies: BodyEncryption },
  entry: Bytes32,
): Promise<Handle | undefined> {
  const row = await database.get<string, Uint8Array>(bodyKey(entry), BINARY_VALUES);
  const body = openJudged(bodies, entry, row);
  return body && parseBody(bytesToUtf8(body)).request.message.handle;
}

async function rowOf(database: ServiceDatabase, key: string): Promise<unknown> {
  const row = await database.get<string, Uint8Array>(key, BINARY_VALUES);
  return row && exactRow(row);
}
