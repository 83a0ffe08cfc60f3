import type { Primitives } from '../crypto/Primitives.ts';
import { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import { readU64 } from '../crypto/u64.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { LogIdentity } from '../protocol/network/NetworkFile.ts';
import { claimDatabase } from './claimDatabase.ts';
import { DatabaseLog } from './DatabaseLog.ts';
import { ErasurePlaces } from './ErasurePlaces.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import type { EvidenceLog } from './EvidenceLog.ts';
import { hashReader } from './hashReader.ts';
import { logRowKeys } from './keys.ts';
import { LogRows } from './LogRows.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { mendTree } from './mendTree.ts';

/** Options of `openEvidenceLog`. */
export interface EvidenceLogOptions {
  readonly identity: LogIdentity;
  /** The log's alone, and closed with it. */
  readonly database: ServiceDatabase;
  readonly primitives: Primitives;
  /** Encrypts bodies at rest: `encryptBodies`. */
  readonly bodies: BodyEncryption;
  /** Path of the database, for messages; the log's name if absent. */
  readonly path?: string;
}

/**
 * Opens a log; an empty database becomes a new one.
 *
 * @param options - Its identity, database, hashes and encryption.
 * @throws MedsealError `FOLDER_FOREIGN` if the database is another log's or something else, `FOLDER_OLDER` if an
 * earlier version wrote it that this one cannot read, `FOLDER_NEWER` if a
 * newer version wrote it, `FOLDER_UNWRITABLE`, `EVIDENCE_INVALID` if it lost what its last checkpoint names.
 * @example
 * ```ts
 * const log = await openEvidenceLog({
 *   identity,
 *   database: haltAfterFailure(new LevelDatabase(path), path),
 *   primitives: nativePrimitives,
 *   bodies: encryptBodies({ storageKey, random: randomBytes, primitives: nativePrimitives }),
 * });
 * ```
 */
export async function openEvidenceLog(options: EvidenceLogOptions): Promise<EvidenceLog> {
  const { identity, database, primitives, bodies, path = identity.name } = options;
  await database.open().catch((cause: unknown) => {
    throw new MedsealError('FOLDER_UNWRITABLE', { path }, { cause });
  });
  const rows = new LogRows(database);
  await claimDatabase(rows, { identity, bodies: bodies.fingerprint, path });
  const row = await rows.get(logRowKeys.size);
  const size = row === undefined ? 0 : readU64(row, 0);
  const erasures = await ErasurePlaces.load(rows);
  const over = (frontier: MerkleFrontier): EvidenceLog =>
    new DatabaseLog(identity, rows, primitives, bodies, { frontier, erasures });
  const log = await MerkleFrontier.load(primitives, size, hashReader(rows, primitives)).then(
    over,
    () => undefined,
  );
  if (log !== undefined && (await isAsCheckpointed(log))) return log;
  // The tree follows from the entries; these alone must not be lost.
  const mended = over((await mendTree(rows, primitives, size)).frontier);
  if (await isAsCheckpointed(mended)) return mended;
  throw new MedsealError('EVIDENCE_INVALID', {
    reason: 'the log on disk is not the one that its last checkpoint names',
  });
}

/** A log that lost what it promised must not go on as another one. */
async function isAsCheckpointed(log: EvidenceLog): Promise<boolean> {
  const latest = (await log.latestCheckpoint())?.checkpoint;
  if (latest === undefined) return true;
  if (latest.size > log.size) return false;
  return await log.root(latest.size).then(
    (root) => root === latest.root,
    () => false,
  );
}
