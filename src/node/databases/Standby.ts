import type { LeaseWait } from '../../database/LeaseWait.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { nodeReason, type NodeReason } from '../../protocol/operator/nodeReasons.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import type { OpenDatabases, StoreDatabases } from './OpenDatabases.ts';

/**
 * Waits for the leases of a process's organisations as long as it takes, before anything of their nodes is opened: what
 * these keep in memory is built from the stores afterwards, as at each start.
 */
export class Standby {
  readonly #open: OpenDatabases;
  /** Stores whose lease this process holds, and that no node uses yet. */
  readonly #held = new Map<Organisation, StoreDatabases>();
  #waitsFor: NodeReason | undefined;

  /** @param open - Opens the stores. */
  constructor(open: OpenDatabases) {
    this.#open = open;
  }

  /** Reason that it waits; undefined while it does not. */
  get waitsFor(): NodeReason | undefined {
    return this.#waitsFor;
  }

  /** Opens an organisation's stores, those that are held already first of all. */
  readonly openDatabases: OpenDatabases = async (organisation, folder, networkId) => {
    const held = this.#held.get(organisation);
    this.#held.delete(organisation);
    return held ?? (await this.#open(organisation, folder, networkId));
  };

  /**
   * Waits until this process holds all leases. It takes them in the order of their names, so that of two processes one gets
   * all.
   *
   * @param homes - The organisations.
   * @param networkId - Their network.
   * @param wait - Ends the wait, and hears the reasons.
   * @returns True if it waited.
   * @throws MedsealError `CLOSED` once the wait is ended; as `OpenDatabases` does.
   */
  async lead(
    homes: readonly Pick<OrganisationHome, 'organisation' | 'folder'>[],
    networkId: Bytes32,
    { signal, onWaiting }: LeaseWait,
  ): Promise<boolean> {
    const ordered = homes.toSorted((a, b) => (a.organisation < b.organisation ? -1 : 1));
    let hasWaited = false;
    const wait: LeaseWait = {
      signal,
      onWaiting: (reason) => {
        hasWaited = true;
        const isLocked = isMedsealError(reason, 'DATABASE_LOCKED');
        this.#waitsFor = nodeReason(isLocked ? 'standby-lease' : 'standby-database');
        onWaiting(reason);
      },
    };
    try {
      for (const { organisation, folder } of ordered) {
        if (this.#held.has(organisation)) continue;
        const stores = await this.#open(organisation, folder, networkId, wait);
        this.#held.set(organisation, stores);
      }
      return hasWaited;
    } finally {
      this.#waitsFor = undefined;
    }
  }

  /** Lets go of leases that no node uses. */
  async release(): Promise<void> {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const each of held) await each.close();
  }
}
