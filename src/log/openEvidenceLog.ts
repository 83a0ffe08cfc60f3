import type { Primitives } from '../crypto/Primitives.ts';
import { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { LogIdentity } from '../protocol/NetworkFile.ts';
import { claimDatabase } from './claimDatabase.ts';
import { DatabaseLog } from './DatabaseLog.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import type { EvidenceLog } from './EvidenceLog.ts';
import { hashReader } from './hashReader.ts';
import { keys, readNumber } from './keys.ts';
import { LogRows, type LogDatabase } from './LogRows.ts';

/** What a log is made of. */
export interface EvidenceLogOptions {
  readonly identity: LogIdentity;
  /** The log's alone, and closed with it. */
  readonly database: LogDatabase;
  readonly primitives: Primitives;
  /** Encrypts bodies at rest: `encryptBodies`. */
  readonly bodies: BodyEncryption;
  /** Where the database lies, for messages; the log's name where absent. */
  readonly path?: string;
}

/**
 * Opens a log; an empty database becomes a new one.
 *
 * @param options - Its identity, database, hashes and encryption.
 * @throws MedsealError `FOLDER_FOREIGN` where the database is another log's or something else, `FOLDER_NEWER` where a
 * newer version wrote it, `FOLDER_UNWRITABLE`, `EVIDENCE_INVALID` where it lost what its last checkpoint names.
 * @example
 * ```ts
 * const log = await openEvidenceLog({
 *   identity,
 *   database: new ClassicLevel('node/hospital/log'),
 *   primitives: nativePrimitives,
 *   bodies: encryptBodies({ storageKey, random: randomBytes, cipher: nativeCipher }),
 * });
 * ```
 */
export async function openEvidenceLog(options: EvidenceLogOptions): Promise<EvidenceLog> {
  const { identity, database, primitives, bodies, path = identity.name } = options;
  await database.open().catch((cause: unknown) => {
    throw new MedsealError('FOLDER_UNWRITABLE', { path }, { cause });
  });
  const rows = new LogRows(database, path);
  await claimDatabase(rows, { identity, bodies: bodies.fingerprint, path });
  const size = await rows.get(keys.size);
  const frontier = await MerkleFrontier.load(
    primitives,
    size === undefined ? 0 : readNumber(size, 0),
    hashReader(rows),
  );
  const log = new DatabaseLog(identity, rows, primitives, bodies, frontier);
  await checkAgainstCheckpoint(log);
  return log;
}

/** A log that lost what it promised must not go on as another one. */
async function checkAgainstCheckpoint(log: EvidenceLog): Promise<void> {
  const latest = (await log.latestCheckpoint())?.checkpoint;
  if (latest === undefined) return;
  if (latest.size > log.size || (await log.root(latest.size)) !== latest.root) {
    throw new MedsealError('EVIDENCE_INVALID', {
      reason: 'the log on disk is not the one that its last checkpoint names',
    });
  }
}
