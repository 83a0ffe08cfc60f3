import type { Organisation } from '../../protocol/ids.ts';
import type { OpenDatabases, StoreDatabases } from './OpenDatabases.ts';

/** The leases of a process's stores: without them all it answers nobody, for another machine may answer otherwise. */
export class HeldStores {
  readonly #open: OpenDatabases;
  readonly #stores = new Map<Organisation, StoreDatabases>();

  /** @param open - Opens the stores. */
  constructor(open: OpenDatabases) {
    this.#open = open;
  }

  /** Opens an organisation's stores, and goes by their lease from now on. */
  readonly openDatabases: OpenDatabases = async (organisation, ...of) => {
    const stores = await this.#open(organisation, ...of);
    this.#stores.set(organisation, stores);
    return stores;
  };

  /** True while this process holds them all, as far as it knows without asking. */
  readonly areHeld = (): boolean => [...this.#stores.values()].every(({ isHeld }) => isHeld);
}
