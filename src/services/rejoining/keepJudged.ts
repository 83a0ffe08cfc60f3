import { utf8ToBytes } from '../../crypto/bytes.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Address } from '../../protocol/ids.ts';
import { bodyKey } from '../coordinator/coordinatorKeys.ts';
import { openJudged } from '../coordinator/openJudged.ts';
import { readableEntries } from '../entries/readableEntries.ts';
import { BINARY_VALUES, SYNCED, type ServiceDatabase } from '../../database/synced.ts';

/** Store of the bodies that a coordinator judged. */
export interface JudgedBodies {
  /** The coordinator's own store. */
  readonly database: ServiceDatabase;
  /** Of its key. */
  readonly address: Address;
  readonly bodies: BodyEncryption;
}

/**
 * Has a coordinator keep every body that it judged and that a log of its organisation has: the log holds what it lost.
 *
 * @param log - The organisation's own, or its copy of another's.
 * @param judged - The coordinator's store.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function keepJudged(log: EvidenceLog, judged: JudgedBodies): Promise<void> {
  const { database, address, bodies } = judged;
  for await (const page of readableEntries(log)) {
    const mine = page.flatMap(({ entry, body, verdicts }) => {
      const isMine = verdicts.some((verdict) => verdict.coordinator === address);
      return isMine && body !== undefined ? [{ entry, body }] : [];
    });
    const keys = mine.map(({ entry }) => bodyKey(entry));
    const known = await database.getMany<string, Uint8Array>(keys, BINARY_VALUES);
    const missing = mine.flatMap(({ entry, body }, place) => {
      if (openJudged(bodies, entry, known[place]) !== undefined) return [];
      const value = bodies.seal(0, utf8ToBytes(body));
      return [{ type: 'put' as const, key: bodyKey(entry), value }];
    });
    if (missing.length > 0) {
      await database.batch<string, Uint8Array>(missing, { ...BINARY_VALUES, ...SYNCED });
    }
  }
}
