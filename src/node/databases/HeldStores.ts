import type { OpenDatabases, StoreDatabases } from './OpenDatabases.ts';

/** The leases of a process's stores: without them all it answers nobody, for another machine may answer otherwise. */
export class HeldStores {
  readonly #open: OpenDatabases;
  readonly #stores = new Set<StoreDatabases>();

  /** @param open - Opens the stores. */
  constructor(open: OpenDatabases) {
    this.#open = open;
  }

  /** Opens an organisation's stores, and goes by their lease until they are closed. */
  readonly openDatabases: OpenDatabases = async (...of) => {
    const stores = await this.#open(...of);
    this.#stores.add(stores);
    return {
      database: async (name) => await stores.database(name),
      close: async () => {
        await stores.close();
        this.#stores.delete(stores);
      },
      get isHeld() {
        return stores.isHeld;
      },
      ...(stores.shared && { shared: stores.shared }),
    };
  };

  /** True while this process holds them all, as far as it knows without asking. */
  readonly areHeld = (): boolean => [...this.#stores].every(({ isHeld }) => isHeld);
}
