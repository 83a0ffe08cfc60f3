import { KeyedLock } from '../../database/KeyedLock.ts';
import { parseRow } from '../../database/parseRow.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { NotifyAsked } from '../../protocol/AgentPort.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { NOTIFY_ASKED } from '../../protocol/shapes/askedShapes.ts';
import { pushesOf, PUSHES, pushKey, readPushKey } from './pushKeys.ts';

/** Largest number of browsers of one party that are told of news. */
export const MOST_BROWSERS = 5;
/** Largest number of rows of one party: an end stays until it cannot be asked for again. */
const MOST_ROWS = 16;

/** A browser that is told of news, as its party asked for it. */
export interface StoredPush extends NotifyAsked {
  readonly endpoint: string;
}

/** A node's durable store of the browsers that its parties want to be told of news on: each row is what the party signed. */
export class PushStore {
  readonly #database: ServiceDatabase;
  readonly #lock = new KeyedLock();
  /** Parties that have rows, and some that had. */
  readonly #asked = new Set<Address>();

  private constructor(database: ServiceDatabase) {
    this.#database = database;
  }

  /**
   * Opens the store.
   *
   * @param database - That of the letters.
   */
  static async open(database: ServiceDatabase): Promise<PushStore> {
    const store = new PushStore(database);
    for await (const key of database.keys(PUSHES)) store.#asked.add(readPushKey(key).party);
    return store;
  }

  /** Parties of which browsers may be told: others certainly have none. */
  get asked(): ReadonlySet<Address> {
    return this.#asked;
  }

  /**
   * Keeps what a party asked for, in a synced write. Of two requests about one browser the one with the later deadline counts,
   * and of those with one deadline the end: a request that is sent again by others changes nothing.
   *
   * @param asked - The checked request, about a browser.
   * @param at - The moment, Unix seconds.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  async keep(asked: NotifyAsked, at: number): Promise<void> {
    const { party, message } = asked.request;
    await this.#lock.run(party, async () => {
      const rows = await this.#rows(party);
      const known = rows.find(({ request }) => request.message.endpoint === message.endpoint);
      if (known !== undefined && !follows(asked, known)) return;
      // An end of what nobody asked for ends nothing.
      if (known === undefined && message.until <= at) return;
      const others = rows.filter((row) => row !== known);
      const isMore = message.until > at && others.filter(isOn).length >= MOST_BROWSERS;
      if (isMore || others.length >= MOST_ROWS) {
        throw new MedsealError('QUOTA_SPENT', { what: 'browsers that are told of news' });
      }
      await this.#database.put(pushKey(nameOf(asked)), JSON.stringify(asked), SYNCED);
      this.#asked.add(party);
    });

    function isOn({ request }: NotifyAsked): boolean {
      return request.message.until > at;
    }
  }

  /**
   * The browsers of a party that are told of news.
   *
   * @param party - The party.
   * @param at - The moment, Unix seconds.
   */
  async of(party: Address, at: number): Promise<readonly StoredPush[]> {
    return (await this.#rows(party)).flatMap(({ request, endpoint }) => {
      return request.message.until > at && endpoint !== undefined ? [{ request, endpoint }] : [];
    });
  }

  /** Forgets a browser, unless it was asked for again meanwhile. */
  async forget({ request }: StoredPush): Promise<void> {
    const { party, message } = request;
    await this.#lock.run(party, async () => {
      const key = pushKey({ party, endpoint: message.endpoint });
      const text = await this.#database.get(key);
      if (text === undefined) return;
      const known = parseRow(NOTIFY_ASKED, text);
      if (known.request.signature === request.signature) await this.#database.del(key, SYNCED);
    });
  }

  /** Forgets what has ended and can no longer be asked for by the same request, unless it was asked for again meanwhile. */
  async collect(at: number): Promise<void> {
    for await (const [key, text] of this.#database.iterator(PUSHES)) {
      const { until, deadline } = parseRow(NOTIFY_ASKED, text).request.message;
      if (until > at || deadline >= at) continue;
      await this.#lock.run(readPushKey(key).party, async () => {
        if ((await this.#database.get(key)) === text) await this.#database.del(key, SYNCED);
      });
    }
  }

  async #rows(party: Address): Promise<readonly NotifyAsked[]> {
    const rows: NotifyAsked[] = [];
    for await (const text of this.#database.values(pushesOf(party))) {
      rows.push(parseRow(NOTIFY_ASKED, text));
    }
    return rows;
  }
}

function nameOf({ request }: NotifyAsked): {
  readonly party: Address;
  readonly endpoint: Bytes32;
} {
  return { party: request.party, endpoint: request.message.endpoint };
}

function follows(asked: NotifyAsked, known: NotifyAsked): boolean {
  const [one, other] = [asked.request.message, known.request.message];
  if (one.deadline !== other.deadline) return one.deadline > other.deadline;
  return one.until < other.until;
}
