import { bytesToHex, bytesToUtf8, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Random } from '../../crypto/Random.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import { BYTES32, Named } from '../../protocol/wire/findShapeError.ts';
import type { Bytes32, Hex } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { DepositCopy, DepositPage } from '../ports.ts';
import { parseRow } from '../../database/parseRow.ts';
import { SYNCED, type RowChange, type ServiceDatabase } from '../../database/synced.ts';
import { granteeIn } from './granteeIn.ts';
import { handleOfDeposit } from './handleOfDeposit.ts';
import {
  careKey,
  FEED,
  feedKey,
  givenKey,
  patientDepositKey,
  placeIn,
  SERIES,
  sourceIn,
  sourceKey,
  SOURCES,
} from './depositKeys.ts';

/** Number of names in one page. */
const PAGE = 1024;

/** Source that binds a deposit, without the data that other rows of the store hold. */
export interface DepositSource {
  /** SHA-256 of its identity. */
  readonly id: Bytes32;
  /** Without packets, sheets and state. */
  readonly copy: DepositCopy;
}

const SOURCE_ROW = {
  id: BYTES32,
  copy: new Named<'any', DepositCopy>('DepositCopy', 'any'),
  /** Its place in the order in which all came. */
  place: 'count',
  /** Grants and epochs of its packets, in their order, and the revision that they stand under. */
  packets: [{ grant: BYTES32, epoch: 'count' }],
  revision: 'count',
  /** The epochs of its sheets. */
  'sheets?': { handle: BYTES32, root: BYTES32, epochs: ['count'] },
  /** Patient whose state it brought. */
  'state?': { handle: BYTES32 },
  /** Digest of the grant that it is the request of. */
  'grant?': BYTES32,
} as const;
/** A source as its row holds it, with the places of its other data. */
export type SourceRow = Of<typeof SOURCE_ROW>;

/** Options of `DepositFeed`. */
export interface DepositFeedOptions {
  readonly database: ServiceDatabase;
  /** Hides openings of grants from who finds the disk. */
  readonly bodies: BodyEncryption;
  readonly random: Random;
  readonly primitives: Pick<Primitives, 'sha256'>;
}

/** Tells whether this is the name of an order in which things came. */
export function isSeries(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-f]{32}$/.test(value);
}

/** The order in which deposits came, so that a peer that was away asks for those that it has not seen. */
export class DepositFeed {
  readonly #options: DepositFeedOptions;
  /** Places that are being written: later ones are not told before them. */
  readonly #writing = new Set<number>();
  #opening: Promise<void> | undefined;
  #series: Hex = '0x';
  #next = 1;

  /** @param options - The store's database. */
  constructor(options: DepositFeedOptions) {
    this.#options = options;
  }

  /**
   * Has sources written at the end of the order, with other changes.
   *
   * @param source - New source, without its place; undefined if nothing is new.
   * @param write - Writes the changes that it is given, all or none.
   */
  async append(
    source: Omit<SourceRow, 'place'> | undefined,
    write: (changes: readonly RowChange<string>[]) => Promise<void>,
  ): Promise<void> {
    if (source === undefined) return await write([]);
    await this.#opened();
    const place = this.#next++;
    this.#writing.add(place);
    try {
      await write([
        put(feedKey(place), source.id),
        put(sourceKey(source.id), this.#encrypted({ ...source, place })),
        put(SERIES, this.#series),
      ]);
    } finally {
      this.#writing.delete(place);
    }
  }

  /** Returns the sources that came after a place. */
  async after(place: number): Promise<DepositPage> {
    await this.#opened();
    const end = Math.min(this.#next, ...this.#writing);
    const range = { gt: feedKey(place), lt: feedKey(end), limit: PAGE };
    const rows = await this.#options.database.iterator(range).all();
    const kept = rows.map(([key, id]) => ({ place: placeIn(key), id: id as Bytes32 }));
    return { series: this.#series, kept };
  }

  /**
   * Gives the order another name, durably: where this one lost its end, its places are given again, and who had read
   * further would pass over what stands there now.
   */
  async renew(): Promise<void> {
    await this.#opened();
    this.#series = bytesToHex(this.#options.random(16));
    await this.#options.database.put(SERIES, this.#series, SYNCED);
  }

  /** Tells whether these are kept, in their order. */
  async knows(ids: readonly Bytes32[]): Promise<readonly boolean[]> {
    const rows = await this.#options.database.getMany(ids.map(sourceKey));
    return rows.map((row) => row !== undefined);
  }

  /** The source of this name; undefined if it is absent or unreadable. */
  async source(id: Bytes32): Promise<SourceRow | undefined> {
    const row = await this.#options.database.get(sourceKey(id));
    try {
      return row === undefined ? undefined : this.#decrypted(row);
    } catch {
      return undefined;
    }
  }

  /** Tells whether its place in the order leads to it. */
  async isListed(id: Bytes32): Promise<boolean> {
    const source = await this.source(id);
    if (source?.id !== id) return false;
    return (await this.#options.database.get(feedKey(source.place))) === id;
  }

  /** Names of all that is kept, whether it can be read or not. */
  async *ids(): AsyncIterable<Bytes32> {
    for await (const key of this.#options.database.keys(SOURCES)) {
      const id = sourceIn(key);
      if (id !== undefined) yield id;
    }
  }

  /** Returns the changes that forget a source. */
  forgetting({
    id,
    place,
    copy,
    grant,
  }: Pick<SourceRow, 'id' | 'place' | 'copy' | 'grant'>): readonly RowChange<string>[] {
    const handle = handleOfDeposit(copy);
    const given = granteeIn({ copy, ...(grant && { grant }) });
    const party = 'care' in copy ? copy.care.request.party : undefined;
    return [
      { type: 'del', key: sourceKey(id) },
      { type: 'del', key: feedKey(place) },
      ...(party === undefined ? [] : [{ type: 'del', key: careKey({ party, id }) } as const]),
      ...(handle === undefined
        ? []
        : [{ type: 'del', key: patientDepositKey({ handle, id }) } as const]),
      ...(given === undefined
        ? []
        : [{ type: 'del', key: givenKey({ ...given, source: id }) } as const]),
    ];
  }

  /** Tells whether it is the last in the order: its place would be given again after a restart, and peers would miss it. */
  async isLast({ place }: Pick<SourceRow, 'place'>): Promise<boolean> {
    await this.#opened();
    return place === this.#next - 1;
  }

  async #opened(): Promise<void> {
    this.#opening ??= this.#open();
    await this.#opening;
  }

  async #open(): Promise<void> {
    const { database, random } = this.#options;
    const [last] = await database.keys({ ...FEED, reverse: true, limit: 1 }).all();
    this.#next = last === undefined ? 1 : placeIn(last) + 1;
    const series = await database.get(SERIES);
    // Peers that do not know it begin again, and pass over what they have.
    this.#series = isSeries(series) ? series : bytesToHex(random(16));
  }

  #encrypted(source: SourceRow): string {
    const { bodies, primitives } = this.#options;
    const text = utf8ToBytes(JSON.stringify(source));
    return bytesToHex(primitives.sha256(text)) + bytesToHex(bodies.seal(0, text)).slice(2);
  }

  #decrypted(row: string): SourceRow {
    // There is one spelling in which it was written.
    if (!/^0x[0-9a-f]+$/.test(row)) throw new RangeError('a source was altered');
    const hash = hexToBytes(row.slice(0, 66));
    const text = this.#options.bodies.open(0, hexToBytes(`0x${row.slice(66)}`), hash);
    return parseRow(SOURCE_ROW, bytesToUtf8(text));
  }
}

function put(key: string, value: string): RowChange<string> {
  return { type: 'put', key, value };
}
