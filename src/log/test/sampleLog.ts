import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { SignedVerdict, PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { LogIdentity } from '../../protocol/network/NetworkFile.ts';
import { encryptBodies } from '../encryptBodies.ts';
import type { EvidenceLog, NewEntry } from '../EvidenceLog.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { openEvidenceLog } from '../openEvidenceLog.ts';

/** Samples that tests of the log share. */

/** The log of a hospital that tests invent. */
export const IDENTITY: LogIdentity = {
  name: 'care/hospital',
  organisation: 'hospital',
  origin: 'medseal.test/care/hospital',
  id: sha256('medseal.test/care/hospital'),
  key: 'medseal.test/care/hospital+00000000+AAAA',
};

/** The handle of the patient that sample entries concern if nothing else is said. */
export const ALICE: Handle = `0x${'a1'.repeat(32)}`;
/** Another patient. */
export const BOB: Handle = `0x${'b0'.repeat(32)}`;

/** SHA-256 in hexadecimal. */
export function sha256(data: string | Uint8Array): Bytes32 {
  return `0x${createHash('sha256').update(data).digest('hex')}`;
}

/** Random bytes that are the same in every run. */
export function countingRandom(seed = 0): (length: number) => Uint8Array {
  let calls = seed;
  return (length) => {
    calls += 1;
    return createHash('shake256', { outputLength: length }).update(`${calls}`).digest();
  };
}

/** Encryption of bodies under a key of bytes of one value. */
export function sampleEncryption(fill = 7): ReturnType<typeof encryptBodies> {
  const storageKey = new Uint8Array(32).fill(fill);
  return encryptBodies({ storageKey, random: countingRandom(), primitives: portablePrimitives });
}

/** The n-th sample entry: what it holds follows from n alone. */
export function sampleEntry(n: number, handle: Handle = ALICE): NewEntry {
  const [at, request] = [1_700_000_000 + n, sha256(`request ${n}`)];
  const body = JSON.stringify({ at, n });
  return { entry: sha256(body), body, request, deadline: at + 60, handle, verdicts: [] };
}

/** The first `count` sample entries, or those from one on. */
export function sampleEntries(count: number, from = 0): NewEntry[] {
  return Array.from({ length: count }, (_, i) => sampleEntry(from + i));
}

/** A verdict over one entry; its signature is of the right form only. */
export function sampleVerdict(entry: Bytes32): SignedVerdict {
  return {
    coordinator: `0x${'c0'.repeat(20)}`,
    signature: `0x${'5a'.repeat(65)}`,
    verdict: {
      kind: 'writes',
      log: IDENTITY.id,
      size: 1,
      root: entry,
      at: 1_700_000_000,
      includeBy: 1_700_000_060,
    },
    index: 0,
    proof: [],
  };
}

/** Opens a log of the test hospital. */
export async function openSampleLog(
  database: ServiceDatabase = new MemoryDatabase(),
  identity = IDENTITY,
): Promise<EvidenceLog> {
  const bodies = sampleEncryption();
  return await openEvidenceLog({ identity, database, primitives: portablePrimitives, bodies });
}

/** A memory database that outlives `close`, as one on disk would. */
export function keptOpen(database: ServiceDatabase = new MemoryDatabase()): ServiceDatabase {
  database.close = async () => undefined;
  return database;
}

/** An `assert.rejects` matcher for a Medseal error of a code. */
export function failsWith(code: ErrorCode): (error: unknown) => true {
  return (error) => {
    assert.ok(isMedsealError(error, code), `${String(error)} is not ${code}`);
    return true;
  };
}

/** The leaf hash of an entry. */
export function leafOf(entry: NewEntry | undefined): Uint8Array {
  return leafHash(portablePrimitives, hexToBytes(entry?.entry ?? ''));
}

/** The root that a log of entries must have, computed from all of them. */
export function expectedRoot(entries: readonly NewEntry[]): string {
  return `0x${Buffer.from(rootOf(portablePrimitives, entries.map(leafOf))).toString('hex')}`;
}

/** Counts the writes to a database, and can make them fail. */
export function watched(database: ServiceDatabase): {
  writes: number;
  sizes: number[];
  broken: boolean;
} {
  const seen = { writes: 0, sizes: [] as number[], broken: false };
  const batch = database.batch.bind(database);
  database.batch = (async (
    operations: never[],
    options: { readonly sync?: boolean; readonly keyEncoding?: string },
  ) => {
    assert.equal(options.sync, true, 'every write is synced');
    if (seen.broken) throw Object.assign(new Error('no space'), { code: 'LEVEL_IO_ERROR' });
    seen.writes += 1;
    seen.sizes.push(operations.length);
    await batch(operations, options);
  }) as never;
  return seen;
}

/** A log of the first `count` sample entries. */
export async function filled(count: number): Promise<{ log: EvidenceLog; entries: NewEntry[] }> {
  const log = await openSampleLog();
  const entries = sampleEntries(count);
  await log.append(entries);
  return { log, entries };
}

/** A checkpoint that says it stands on the ledger. */
export function placed(root: string, size: number): PlacedCheckpoint {
  return {
    checkpoint: {
      log: IDENTITY.name,
      size,
      root: root as `0x${string}`,
      note: `${IDENTITY.origin}\n${size}\n`,
      signatures: [],
    },
    ledger: { transaction: sha256(`${size}`), block: size, note: '' },
  };
}
