import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { RowChange, ServiceDatabase } from '../../database/synced.ts';
import type { DepositFeed, SourceRow } from './DepositFeed.ts';
import { patientDeposits, sourceIn } from './depositKeys.ts';
import { granteeIn, type KnownGrantee } from './granteeIn.ts';

/** Number of patients whose grantees are remembered. */
const MOST_READ = 1000;

/** Tells to whom a patient gave rights, by the openings of grants that a node keeps. */
export class GranteesOf {
  readonly #database: ServiceDatabase;
  readonly #feed: Pick<DepositFeed, 'source'>;
  /**
   * By patient, and by the name of a grant's source. Reading all of a patient's takes long, so it is kept up to date.
   */
  readonly #known = new Map<Handle, Map<Bytes32, KnownGrantee>>();

  /**
   * @param database - The store's.
   * @param feed - Sources of deposits, by name.
   */
  constructor(database: ServiceDatabase, feed: Pick<DepositFeed, 'source'>) {
    this.#database = database;
    this.#feed = feed;
  }

  /** Lists the grants of a patient that are kept, ended ones among them. */
  async list(handle: Handle): Promise<readonly KnownGrantee[]> {
    const known = this.#known.get(handle) ?? (await this.#read(handle));
    this.#known.set(handle, known);
    keepNewest(this.#known, MOST_READ);
    return [...known.values()];
  }

  /** Takes note of a new deposit of a patient. */
  add(handle: Handle, source: Pick<SourceRow, 'id' | 'grant' | 'copy'>): void {
    const grantee = granteeIn(source);
    if (grantee !== undefined) this.#known.get(handle)?.set(source.id, grantee);
  }

  /** Takes note of deleted deposits of a patient. */
  remove(handle: Handle, changes: readonly RowChange<string>[]): void {
    const known = this.#known.get(handle);
    for (const { type, key } of changes) {
      const id = type === 'del' ? sourceIn(key) : undefined;
      if (id !== undefined) known?.delete(id);
    }
  }

  async #read(handle: Handle): Promise<Map<Bytes32, KnownGrantee>> {
    const range = patientDeposits(handle);
    const found = new Map<Bytes32, KnownGrantee>();
    for await (const key of this.#database.keys(range)) {
      const source = await this.#feed.source(key.slice(range.gt.length) as Bytes32);
      if (source === undefined) continue;
      const grantee = granteeIn(source);
      if (grantee !== undefined) found.set(source.id, grantee);
    }
    return found;
  }
}
