import { pooledUtf8 } from '../crypto/pooledBytes.ts';
import { equalBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { malformed } from '../errors/malformed.ts';
import type { SignedVerdict } from '../protocol/evidence/evidence.ts';
import type { ErasedEntry, NewEntry } from './EvidenceLog.ts';
import type { Tombstone } from './tombstone.ts';
import { word256 } from './word.ts';

/** The parts of an entry that are kept for ever, checked and in bytes. */
export interface PreparedRow {
  readonly entry: Uint8Array;
  readonly at: number;
  readonly bodySize: number;
  readonly verdicts: readonly SignedVerdict[];
  /** Present if it came without a body, and is known. */
  readonly tombstone?: Tombstone;
}

/** An entry that was checked, in bytes, ready to be appended. */
export interface PreparedEntry extends PreparedRow {
  readonly given: NewEntry;
  readonly body: Uint8Array;
  readonly request: Uint8Array;
  readonly handle: Uint8Array;
  readonly version?: {
    readonly record: Uint8Array;
    readonly version: number;
    readonly file: Uint8Array;
  };
}

/**
 * Checks an entry and encodes it.
 *
 * @param primitives - SHA-256.
 * @param given - The entry.
 * @throws MedsealError `REQUEST_MALFORMED` if it is not the hash of its body, the body names no moment, the
 * deadline is not a number, or a word is not one of 32 bytes.
 */
export function prepareEntry(
  primitives: Pick<Primitives, 'sha256'>,
  given: NewEntry,
): PreparedEntry {
  const entry = word256(given.entry);
  const body = pooledUtf8(given.body);
  if (!equalBytes(primitives.sha256(body), entry)) throw malformed('the hash of a body');
  if (!isCount(given.deadline)) throw malformed('the deadline of a request');
  return {
    given,
    entry,
    body,
    at: momentOf(given.body),
    bodySize: body.length,
    verdicts: given.verdicts,
    request: word256(given.request),
    handle: word256(given.handle),
    ...(given.version && {
      version: {
        record: word256(given.version.record),
        version: given.version.version,
        file: word256(given.version.file),
      },
    }),
  };
}

/**
 * Checks an entry that may come without its body, and encodes it.
 *
 * @param primitives - SHA-256.
 * @param given - The entry.
 * @throws MedsealError `REQUEST_MALFORMED` as `prepareEntry` does, or if the tombstone of an erased body is malformed.
 */
export function prepareCopy(
  primitives: Pick<Primitives, 'sha256'>,
  given: NewEntry | ErasedEntry,
): PreparedEntry | PreparedRow {
  if (given.body !== undefined) return prepareEntry(primitives, given);
  const { at, bodySize, verdicts, tombstone } = given;
  if (!isCount(at) || !isCount(bodySize))
    throw malformed('the time or the length of an entry’s body');
  if (tombstone !== undefined) requireTombstone(tombstone);
  return { entry: word256(given.entry), at, bodySize, verdicts, ...(tombstone && { tombstone }) };
}

function requireTombstone({ handle, version }: Tombstone): void {
  word256(handle);
  if (version === undefined) return;
  word256(version.record);
  word256(version.file);
  if (!isCount(version.version)) throw malformed('the version of a record');
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function momentOf(body: string): number {
  try {
    const { at } = JSON.parse(body) as { at?: unknown };
    if (isCount(at)) return at;
  } catch {
    // Not JSON: refused below, without quoting it.
  }
  throw malformed('the time in a body');
}

/**
 * The sealed file that an entry puts on a chart, as far as that is known.
 *
 * @param prepared - The entry.
 */
export function fileOf(prepared: PreparedEntry | PreparedRow): Uint8Array | undefined {
  if ('body' in prepared) return prepared.version?.file;
  const file = prepared.tombstone?.version?.file;
  return file === undefined ? undefined : word256(file);
}
