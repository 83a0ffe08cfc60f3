import { bytesToUtf8, utf8ToBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { LogIdentity } from '../protocol/network/NetworkFile.ts';
import { STORE_FORMATS } from '../protocol/wire/storeFormats.ts';
import { logRowKeys } from './keys.ts';
import type { LogRows } from './LogRows.ts';

/** The format of the rows that this version writes; the table says what became of those before. */
export const LOG_FORMAT = STORE_FORMATS.log.number;

/** Bytes written into a new database, and compared ever after. */
interface Claim {
  readonly format: number;
  readonly name: string;
  readonly origin: string;
  readonly id: Bytes32;
  /** Fingerprint of the storage key that bodies are encrypted under. */
  readonly bodies: Bytes32;
}

/**
 * Requires that a database is this log's; an empty one is claimed for it.
 *
 * @param rows - The database.
 * @param owner - The log, the fingerprint of its storage key, and the path for messages.
 * @throws MedsealError `FOLDER_FOREIGN`, `FOLDER_NEWER`, `FOLDER_OLDER`, `FOLDER_UNWRITABLE`.
 */
export async function claimDatabase(
  rows: LogRows,
  owner: { readonly identity: LogIdentity; readonly bodies: Bytes32; readonly path: string },
): Promise<void> {
  const { identity, bodies, path } = owner;
  const { name, origin, id } = identity;
  const value = await rows.get(logRowKeys.identity);
  if (value === undefined) {
    if (await rows.isEmpty()) {
      await rows.write([
        { type: 'put', key: logRowKeys.identity, value: claimOf(identity, bodies) },
      ]);
      return;
    }
    throw foreign(path, 'it holds something that is not a log');
  }
  const found = JSON.parse(bytesToUtf8(value)) as Claim;
  if (found.format > LOG_FORMAT) {
    throw new MedsealError('FOLDER_NEWER', { path, found: found.format, known: LOG_FORMAT });
  }
  if (found.format < LOG_FORMAT) {
    throw older(path, found.format);
  }
  if (found.name !== name || found.origin !== origin || found.id !== id) {
    throw foreign(path, 'it holds another log');
  }
  if (found.bodies !== bodies) {
    throw foreign(path, 'its bodies are encrypted under another storage key');
  }
}

/**
 * Bytes by which the database of a log names itself.
 *
 * @param identity - The log.
 * @param bodies - Fingerprint of the storage key.
 */
export function claimOf({ name, origin, id }: LogIdentity, bodies: Bytes32): Uint8Array {
  const claim: Claim = { format: LOG_FORMAT, name, origin, id, bodies };
  return utf8ToBytes(JSON.stringify(claim));
}

/**
 * Requires that a log's database is of a format that this version reads, whatever log it is; an empty one is.
 *
 * @param rows - The database.
 * @param path - Of the database, for messages.
 * @throws MedsealError `FOLDER_OLDER` if it is not.
 */
export async function requireLogFormat(rows: LogRows, path: string): Promise<void> {
  const value = await rows.get(logRowKeys.identity);
  const format = value === undefined ? LOG_FORMAT : logFormatIn(value);
  if (format < LOG_FORMAT) throw older(path, format);
}

/**
 * Reads the format from the bytes by which the database of a log names itself.
 *
 * @param claim - The bytes.
 * @returns 0 if they name no format.
 */
export function logFormatIn(claim: Uint8Array): number {
  try {
    const { format } = JSON.parse(bytesToUtf8(claim)) as Partial<Claim>;
    return typeof format === 'number' ? format : 0;
  } catch {
    return 0;
  }
}

function older(path: string, found: number): MedsealError {
  const what = `a log in it is of format ${found}, and this version reads format ${LOG_FORMAT}`;
  return new MedsealError('FOLDER_OLDER', { path, what });
}

function foreign(path: string, what: string): MedsealError {
  return new MedsealError('FOLDER_FOREIGN', { path, what });
}
