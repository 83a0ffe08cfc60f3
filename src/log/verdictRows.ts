import { bytesToHex, bytesToUtf8, concatBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { keepNewest } from '../crypto/keepNewest.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { readU64, u64 } from '../crypto/u64.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { SignedVerdict } from '../protocol/evidence/evidence.ts';
import { sameVerdict } from '../protocol/evidence/sameVerdict.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { logRowKeys } from './keys.ts';
import type { RowChange } from '../database/synced.ts';
import type { LogRows } from './LogRows.ts';
import { word256 } from './word.ts';

/**
 * Storage of verdicts. The statement of a coordinator over an array of entries is a row of its own under its SHA-256,
 * for all entries of the array; an entry keeps which statements cover it, and its place in their tree. Coordinators
 * that judged the same array have it at one place, with one proof.
 */

/** A verdict short of the place of an entry. */
export type Statement = Omit<SignedVerdict, 'index' | 'proof'>;

/** Place of an entry in the tree of some statements. */
export interface Placement {
  /** SHA-256 of the statements' rows. */
  readonly statements: readonly Bytes32[];
  readonly index: number;
  readonly proof: readonly Bytes32[];
}

const MOST = 255;
/** Number of statements that are remembered, at most. */
const MOST_REMEMBERED = 512;

/** Encodes the verdicts of entries that are written together. */
export class VerdictWriter {
  readonly #primitives: Pick<Primitives, 'sha256'>;
  readonly #changes: RowChange<Uint8Array>[] = [];
  /** Statements that were met, by signature; almost always one for each. */
  readonly #known = new Map<string, { readonly statement: Statement; readonly id: Uint8Array }[]>();

  /** @param primitives - SHA-256. */
  constructor(primitives: Pick<Primitives, 'sha256'>) {
    this.#primitives = primitives;
  }

  /**
   * Encodes the verdicts of an entry: for each place the number of statements (1 byte), their hashes, the index (8
   * bytes), the number of hashes of the proof (1 byte), and these.
   * @throws MedsealError `REQUEST_MALFORMED` if a verdict is malformed.
   */
  encode(verdicts: readonly SignedVerdict[]): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let from = 0; from < verdicts.length;) {
      const first = verdicts[from];
      if (first === undefined) break;
      let to = from + 1;
      while (to < verdicts.length && sharePlace(first, verdicts[to])) to += 1;
      const ids = verdicts.slice(from, to).map((verdict) => this.#idOf(verdict));
      const { index, proof } = first;
      if (ids.length > MOST || proof.length > MOST || !Number.isSafeInteger(index) || index < 0) {
        throw new MedsealError('REQUEST_MALFORMED', { what: 'a verdict' });
      }
      parts.push(Uint8Array.of(ids.length), ...ids, u64(index));
      parts.push(Uint8Array.of(proof.length), ...proof.map(word256));
      from = to;
    }
    return concatBytes(...parts);
  }

  /** The rows of the statements that were met. */
  changes(): readonly RowChange<Uint8Array>[] {
    return this.#changes;
  }

  #idOf({ coordinator, signature, verdict }: SignedVerdict): Uint8Array {
    const alike = this.#known.get(signature) ?? [];
    const known = alike.find(({ statement }) =>
      isSame(statement, { coordinator, signature, verdict }),
    );
    if (known !== undefined) return known.id;
    const { kind, log, size, root, at, includeBy } = verdict;
    const said = { kind, log, size, root, at, includeBy };
    const statement = { coordinator, signature, verdict: said };
    const value = utf8ToBytes(JSON.stringify(statement));
    const id = this.#primitives.sha256(value);
    this.#changes.push({ type: 'put', key: logRowKeys.statement(id), value });
    this.#known.set(signature, [...alike, { statement, id }]);
    return id;
  }
}

/**
 * Decodes an entry's row of verdicts.
 *
 * @throws MedsealError `EVIDENCE_INVALID` if the bytes are damaged.
 */
export function decodePlacements(bytes: Uint8Array): readonly Placement[] {
  const placements: Placement[] = [];
  for (let at = 0; at < bytes.length;) {
    const statements = hashesAt(bytes, at);
    at += 1 + 32 * statements.length;
    if (statements.length === 0 || at + 8 > bytes.length) throw damaged();
    const index = readU64(bytes, at);
    const proof = hashesAt(bytes, at + 8);
    at += 9 + 32 * proof.length;
    placements.push({ statements, index, proof });
  }
  return placements;
}

/**
 * The verdicts of entries.
 *
 * @param rows - The log's.
 * @param primitives - SHA-256.
 * @param kept - The placements that each entry keeps.
 * @param remembered - The last statements that were read, by their hash: they are not read again, and others join them.
 * @returns For each entry its verdicts; undefined if a statement is lost or damaged.
 */
export async function readVerdicts(
  rows: LogRows,
  primitives: Pick<Primitives, 'sha256'>,
  kept: readonly (readonly Placement[])[],
  remembered = new Map<Bytes32, Statement>(),
): Promise<readonly (readonly SignedVerdict[] | undefined)[]> {
  const known = new Map<Bytes32, Statement | undefined>();
  for (const id of kept.flat().flatMap(({ statements }) => statements)) {
    known.set(id, remembered.get(id));
  }
  const ids = [...known.keys()].filter((id) => known.get(id) === undefined);
  const found = await rows.getMany(ids.map((id) => logRowKeys.statement(word256(id))));
  for (const [place, id] of ids.entries()) {
    const row = found[place];
    if (row === undefined || bytesToHex(primitives.sha256(row)) !== id) continue;
    const statement = JSON.parse(bytesToUtf8(row)) as Statement;
    known.set(id, statement);
    remembered.set(id, statement);
    keepNewest(remembered, MOST_REMEMBERED);
  }
  return kept.map((placements) => {
    const verdicts = placements.flatMap(({ statements, index, proof }) =>
      statements.map((id) => {
        const statement = known.get(id);
        return statement && { ...statement, index, proof };
      }),
    );
    return verdicts.includes(undefined) ? undefined : (verdicts as SignedVerdict[]);
  });
}

function hashesAt(bytes: Uint8Array, at: number): Bytes32[] {
  const count = bytes[at];
  if (count === undefined || at + 1 + 32 * count > bytes.length) throw damaged();
  return Array.from({ length: count }, (_, i) =>
    bytesToHex(bytes.subarray(at + 1 + 32 * i, at + 33 + 32 * i)),
  );
}

function sharePlace(one: SignedVerdict, other: SignedVerdict | undefined): boolean {
  if (other === undefined || one.index !== other.index) return false;
  if (one.proof === other.proof) return true;
  if (one.proof.length !== other.proof.length) return false;
  return one.proof.every((hash, level) => hash === other.proof[level]);
}

function isSame(one: Statement, other: Statement): boolean {
  return one.coordinator === other.coordinator && sameVerdict(one.verdict, other.verdict);
}

function damaged(): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', {
    reason: 'the verdicts that an entry keeps are damaged',
  });
}
