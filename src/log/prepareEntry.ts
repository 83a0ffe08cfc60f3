import { equalBytes, hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { NewEntry } from './EvidenceLog.ts';

/** An entry that was checked, in bytes, ready to be appended. */
export interface PreparedEntry {
  readonly given: NewEntry;
  readonly entry: Uint8Array;
  readonly body: Uint8Array;
  readonly at: number;
  readonly request: Uint8Array;
  readonly handle: Uint8Array;
  readonly version?: { readonly record: Uint8Array; readonly version: number };
}

/**
 * Checks an entry and encodes it.
 *
 * @param primitives - SHA-256.
 * @param given - The entry.
 * @throws MedsealError `REQUEST_MALFORMED` where it is not the hash of its body, the body names no moment, or a
 * word is not one of 32 bytes.
 */
export function prepareEntry(
  primitives: Pick<Primitives, 'sha256'>,
  given: NewEntry,
): PreparedEntry {
  const entry = word(given.entry);
  const body = utf8ToBytes(given.body);
  if (!equalBytes(primitives.sha256(body), entry)) throw malformed('the hash of a body');
  return {
    given,
    entry,
    body,
    at: momentOf(given.body),
    request: word(given.request),
    handle: word(given.handle),
    ...(given.version && {
      version: { record: word(given.version.record), version: given.version.version },
    }),
  };
}

function momentOf(body: string): number {
  try {
    const { at } = JSON.parse(body) as { at?: unknown };
    if (Number.isSafeInteger(at) && (at as number) >= 0) return at as number;
  } catch {
    // Not JSON: said below, without its words.
  }
  throw malformed('a body that names its moment');
}

function word(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes.length !== 32) throw malformed('a word of 32 bytes');
  return bytes;
}

function malformed(what: string): MedsealError {
  return new MedsealError('REQUEST_MALFORMED', { what });
}
