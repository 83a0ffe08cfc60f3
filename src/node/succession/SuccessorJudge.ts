import { MedsealError } from '../../errors/MedsealError.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { RunningNode } from '../openNode.ts';

/** A node that compares successors with the ledger. */
type Comparing = Pick<RunningNode, 'confirm'>;

/**
 * Compares successors that are heard with the ledger. While the node is closed they wait until it is open again, or until
 * the ledger cannot be reached: then their signatures have to do, for it may be a successor that names the keys by which
 * the ledger is reached.
 */
export class SuccessorJudge {
  #isKnown = false;
  /** Undefined stands for a ledger that cannot be reached. */
  #node = toBeKnown();

  /** From now on successors wait, for the node is closed. */
  closed(): void {
    if (this.#isKnown) this.#node = toBeKnown();
    this.#isKnown = false;
  }

  /** Takes successors by their signatures from now on, for the ledger cannot be reached. */
  unreached(): void {
    this.#know(undefined);
  }

  /** Has a node compare them from now on. */
  opened(node: Comparing): void {
    this.#know(node);
  }

  /** Refuses those that wait, for the process ends. */
  end(): void {
    this.#node.reject(new MedsealError('CLOSED', { what: 'node' }));
  }

  /**
   * Compares a successor with the ledger.
   *
   * @param successor - Its signatures are verified.
   * @throws MedsealError `SUCCESSOR_INVALID` if they do not agree; `CLOSED` if the process ends first.
   */
  async confirm(successor: Successor): Promise<void> {
    const node = await this.#node.promise;
    await node?.confirm(successor);
  }

  #know(node: Comparing | undefined): void {
    if (this.#isKnown) this.#node = toBeKnown();
    this.#isKnown = true;
    this.#node.resolve(node);
  }
}

function toBeKnown(): PromiseWithResolvers<Comparing | undefined> {
  const node = Promise.withResolvers<Comparing | undefined>();
  // Nobody may be waiting when the process ends.
  node.promise.catch(() => undefined);
  return node;
}
