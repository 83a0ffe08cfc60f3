import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { seconds } from '../../protocol/Clock.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { inLanes } from '../inLanes.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { PushPort } from './PushPort.ts';
import type { PushStore, StoredPush } from './PushStore.ts';

/** Milliseconds from a letter to its push, in which an open portal takes the letter, and least pause between two pushes of a party. */
const [DELAY, PAUSE] = [60_000, 600_000];
/** Largest number of parties whose pushes wait or rest, and of pushes at once. */
const [MOST_PARTIES, LANES] = [65_536, 4];
/** Number of times that a push which failed is tried again, after a pause each. */
const TRIES = 6;

/** Options of `createPushes`. */
export interface PushesOptions {
  readonly store: PushStore;
  /** The way to the push services; nobody is told if absent. */
  readonly port?: PushPort | undefined;
  /** Tells whether a letter of somebody else waits for a party. */
  readonly hasLetters: (party: Address) => Promise<boolean>;
  /** Receives errors of pushes. */
  readonly onFailure: (error: unknown) => void;
}

/** A party whose push waits, or rests. */
interface Waiting {
  readonly cancel: () => void;
  /** True if a letter came since. */
  isAgain: boolean;
  /** Browsers at which the last push failed; absent if it failed at none. */
  failed?: ReadonlySet<Bytes32>;
}

/** A push that is due: to all browsers of a party, or to some. */
interface Due {
  readonly party: Address;
  readonly only?: ReadonlySet<Bytes32>;
}

/** A node's pushes to the browsers of its parties. */
export interface Pushes {
  /** Has the browsers of a party told that there is news, a minute later, if the letter still waits then. */
  tell(party: Address): void;
  /** The browsers of a party that are told of news; those under a key that it has no longer are forgotten. */
  browsersOf(party: Address): Promise<readonly StoredPush[]>;
  /** Forgets the browsers that have ended, and those under a key that their party has no longer. */
  collect(): Promise<void>;
  /** Resolves when pushes under way have ended. */
  settled(): Promise<void>;
  /** Tells nobody more, and resolves when pushes under way have ended. */
  stop(): Promise<void>;
}

/**
 * Makes the pushes of a node: at most one to each browser of a party in ten minutes, without content. Letters that wait when the node
 * starts are told of after these ten minutes, since it does not remember what it told before.
 *
 * @param context - The organisation's context.
 * @param options - Store, way to the push services.
 */
export function createPushes(context: ServiceContext, options: PushesOptions): Pushes {
  const { clock, index } = context;
  const { store, port, onFailure } = options;
  const busy = new Map<Address, Waiting>();
  const due: Due[] = [];
  let working: Promise<void> | undefined;
  let isStopped = false;
  if (port !== undefined) {
    for (const party of store.asked) if (busy.size < MOST_PARTIES) rest(party, { isAgain: true });
  }

  return {
    tell(party) {
      if (port === undefined || isStopped) return;
      const known = busy.get(party);
      if (known !== undefined) known.isAgain = true;
      // Letters to those who asked for nothing take no place.
      else if (store.asked.has(party) && busy.size < MOST_PARTIES) {
        const cancel = clock.after(DELAY, () => begin({ party }));
        busy.set(party, { cancel, isAgain: false });
      }
    },
    browsersOf,
    async collect() {
      await index.refresh();
      await store.collect(seconds(clock));
      for (const party of store.asked) await browsersOf(party);
    },
    async stop() {
      isStopped = true;
      for (const { cancel } of busy.values()) cancel();
      due.length = 0;
      await working;
    },
    async settled() {
      await working;
    },
  };

  function rest(party: Address, { isAgain = false, tries = TRIES }): void {
    const cancel = clock.after(PAUSE, () => {
      const now = busy.get(party);
      if (now?.isAgain === true) begin({ party });
      else if (now?.failed !== undefined && tries > 0)
        begin({ party, only: now.failed }, tries - 1);
      else busy.delete(party);
    });
    busy.set(party, { cancel, isAgain });
  }

  function begin(next: Due, tries = TRIES): void {
    rest(next.party, { tries });
    due.push(next);
    working ??= inLanes(taken(), LANES, push).finally(() => {
      working = undefined;
    });
  }

  function* taken(): Generator<Due> {
    for (let next = due.shift(); next !== undefined; next = due.shift()) yield next;
  }

  async function push({ party, only }: Due): Promise<void> {
    try {
      await index.refresh();
      const browsers = await browsersOf(party);
      if (port === undefined || browsers.length === 0 || !(await options.hasLetters(party))) return;
      const failed = new Set<Bytes32>();
      for (const browser of browsers) {
        const { endpoint } = browser.request.message;
        if (only?.has(endpoint) === false) continue;
        try {
          if ((await port.push(browser.endpoint)) === 'gone') await store.forget(browser);
        } catch (error) {
          failed.add(endpoint);
          onFailure(error);
        }
      }
      const now = busy.get(party);
      if (now !== undefined && failed.size > 0) now.failed = failed;
    } catch (error) {
      onFailure(error);
    }
  }

  async function browsersOf(party: Address): Promise<readonly StoredPush[]> {
    const present: StoredPush[] = [];
    for (const browser of await store.of(party, seconds(clock))) {
      if (isPresent(browser)) present.push(browser);
      else await store.forget(browser);
    }
    return present;
  }

  /** Tells whether the key that asked for it is still that of a party that is not suspended. */
  function isPresent({ request: { party, message, signature } }: StoredPush): boolean {
    const isActive = index.party(party)?.suspended === false;
    return isActive && signerOf(context, 'Notify', message, signature) === index.signerOf(party);
  }
}
