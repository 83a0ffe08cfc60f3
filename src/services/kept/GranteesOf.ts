import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { keepNewest } from '../../protocol/keepNewest.ts';
import type { Signed } from '../../protocol/requests.ts';
import type { ServiceDatabase } from '../synced.ts';
import type { KeptFeed } from './KeptFeed.ts';
import { heldKey } from './keptKeys.ts';

/** For how many patients it is remembered whom they gave rights. */
const MOST_READ = 1000;

/** A grant that is kept, as far as it tells whom the patient gave a right. */
export interface KeptGrantee {
  readonly grant: Bytes32;
  readonly grantee: Address;
}

/** Tells whom a patient gave rights, by the openings of grants that a node keeps. */
export class GranteesOf {
  readonly #database: ServiceDatabase;
  readonly #feed: Pick<KeptFeed, 'source'>;
  readonly #known = new Map<Handle, readonly KeptGrantee[]>();

  /**
   * @param database - The store's.
   * @param feed - What came, by its names.
   */
  constructor(database: ServiceDatabase, feed: Pick<KeptFeed, 'source'>) {
    this.#database = database;
    this.#feed = feed;
  }

  /** Lists the grants of a patient that are kept, ended ones among them. */
  async list(handle: Handle): Promise<readonly KeptGrantee[]> {
    const known = this.#known.get(handle);
    if (known !== undefined) return known;
    const prefix = heldKey({ handle, id: '0x' }).slice(0, -2);
    const found: KeptGrantee[] = [];
    for await (const key of this.#database.keys({ gt: prefix, lt: `${prefix.slice(0, -1)}0` })) {
      const source = await this.#feed.source(key.slice(prefix.length) as Bytes32);
      if (source?.grant === undefined || !('submission' in source.copy)) continue;
      const { message } = source.copy.submission.request as Signed<'Grant'>;
      found.push({ grant: source.grant, grantee: message.terms.grantee });
    }
    this.#known.set(handle, found);
    keepNewest(this.#known, MOST_READ);
    return found;
  }

  /** Has the grants of a patient read again, for they changed. */
  forget(handle: Handle): void {
    this.#known.delete(handle);
  }
}
