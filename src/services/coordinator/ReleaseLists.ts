import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { ZERO32, type Bytes32, type Handle } from '../../protocol/ids.ts';
import { partsOfKey, releasedSince } from './coordinatorKeys.ts';

/** Names in all lists that are kept; the oldest lists go first. */
const MOST_NAMES = 262_144;

/** Releases of a chart as an audit is told of them. */
export interface ReleaseList {
  /** Names of the views (`releasedName`), the earliest first. */
  readonly names: readonly Bytes32[];
  /** Their root, as `listRoot` has it. */
  readonly root: Bytes32;
}

/**
 * Lists of releases that audits are being told, page by page: each is read once, and stays as it was on its first page, so that its pages
 * together cost as much as it is long.
 */
export class ReleaseLists {
  readonly #database: ServiceDatabase;
  readonly #primitives: Pick<Primitives, 'sha256'>;
  /** By the nonce of the question, the oldest first. */
  readonly #kept = new Map<Bytes32, ReleaseList>();
  #names = 0;

  /**
   * @param database - The coordinator's own.
   * @param primitives - SHA-256.
   */
  constructor(database: ServiceDatabase, primitives: Pick<Primitives, 'sha256'>) {
    this.#database = database;
    this.#primitives = primitives;
  }

  /**
   * Returns the releases of a chart since a moment: those of now for the first page, and the same for the others.
   *
   * @param nonce - Of the audit and the moment (`releasesNonce`).
   * @param wanted - The chart, the moment, Unix seconds, and the number of names before the page.
   */
  async list(
    nonce: Bytes32,
    {
      handle,
      since,
      from,
    }: { readonly handle: Handle; readonly since: number; readonly from: number },
  ): Promise<ReleaseList> {
    const known = from === 0 ? undefined : this.#kept.get(nonce);
    if (known !== undefined) return known;
    const list = await this.#read(handle, since);
    this.#keep(nonce, list);
    return list;
  }

  #keep(nonce: Bytes32, list: ReleaseList): void {
    this.#forget(nonce);
    this.#kept.set(nonce, list);
    this.#names += list.names.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#names <= MOST_NAMES || oldest === nonce) return;
      this.#forget(oldest);
    }
  }

  #forget(nonce: Bytes32): void {
    this.#names -= this.#kept.get(nonce)?.names.length ?? 0;
    this.#kept.delete(nonce);
  }

  async #read(handle: Handle, since: number): Promise<ReleaseList> {
    const names: Bytes32[] = [];
    const tree = MerkleFrontier.empty(this.#primitives);
    for await (const key of this.#database.keys(releasedSince(handle, since))) {
      const [, , name] = partsOfKey('releasedOf', key) as readonly Bytes32[];
      if (name === undefined) continue;
      names.push(name);
      tree.append(leafHash(this.#primitives, hexToBytes(name)));
    }
    return { names, root: names.length === 0 ? ZERO32 : bytesToHex(tree.root()) };
  }
}
