import { bytesToHex } from '../../crypto/bytes.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { LogName } from '../../protocol/ids.ts';
import { versionPlaces } from '../entries/versionPlaces.ts';
import { pairKey } from './coordinatorKeys.ts';
import type { ExaminedBody } from './examineBody.ts';

/** A row of the list of a set of views. */
export interface PairRow {
  readonly key: string;
  /** The record version, encrypted; empty for its leaf alone. */
  readonly value: Uint8Array;
}

/**
 * Makes the rows of the lists of sets of views: of a record version that a set does not get and that no log has the leaf alone, for whoever
 * invents some would fill the disk of every coordinator.
 *
 * @param options - The organisation's logs, and what encrypts bodies.
 * @param bodies - Bodies that a coordinator agrees to.
 */
export async function pairRows(
  {
    logs,
    bodies: encryption,
  }: {
    readonly logs: ReadonlyMap<LogName, EvidenceLog>;
    readonly bodies: Pick<BodyEncryption, 'seal'>;
  },
  bodies: readonly Pick<ExaminedBody, 'entry' | 'pairs'>[],
): Promise<readonly PairRow[]> {
  const all = bodies.flatMap(({ entry, pairs = [] }) => {
    const name = bytesToHex(entry);
    return pairs.map((pair) => ({ ...pair, key: pairKey(name, pair.leaf) }));
  });
  const out = all.filter(({ isAccepted }) => !isAccepted);
  const places = await versionPlaces(
    logs.values(),
    out.map(({ named }) => named),
  );
  const invented = new Set(out.filter((_, nth) => places[nth] === undefined));
  return all.map((each) => ({
    key: each.key,
    value: invented.has(each) ? new Uint8Array(0) : encryption.seal(0, each.bytes),
  }));
}
