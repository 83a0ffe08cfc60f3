import type { Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { differingIndexes } from '../../protocol/operator/differingIndexes.ts';
import type { ComparedIndex, OperatorIndex } from '../../protocol/operator/OperatorPort.ts';
import { compareIndex } from '../../services/compareIndex.ts';
import type { LedgerIndex } from '../../services/LedgerIndex.ts';
import type { PeerPorts } from '../../services/peers/peerCalls.ts';
import type { RunningNode } from '../openNode.ts';
import { answersSoon } from './answersSoon.ts';
import type { Logger } from './Logger.ts';

/** Options of `IndexComparison`. */
export interface IndexComparisonOptions {
  readonly node: Pick<RunningNode, 'organisations' | 'ports'>;
  /** The services of the organisations in other processes. */
  readonly peers: ReadonlyMap<Organisation, Pick<PeerPorts, 'coordinator'>>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'error'>;
}

/** The comparison of a node's index of the ledger with those of other organisations. Nothing follows from it but that it is shown. */
export class IndexComparison {
  readonly #options: IndexComparisonOptions;
  readonly #compared = new Map<Organisation, ComparedIndex>();
  /** The organisations that the log named last. */
  #differing = '';

  /** @param options - The node, and the others. */
  constructor(options: IndexComparisonOptions) {
    this.#options = options;
  }

  /** The newest digest, and the last outcome with each organisation. */
  get state(): OperatorIndex {
    const newest = this.#index?.digests.at(-1);
    return { ...(newest && { newest }), compared: [...this.#compared.values()] };
  }

  /** Asks those that were not compared at the newest digest; logs with whom the index differs, when that changes, and that it ended. */
  async look(): Promise<void> {
    const { node, peers, clock } = this.#options;
    const index = this.#index;
    const newest = index?.digests.at(-1);
    if (index === undefined || newest === undefined) return;
    const own = { index, primitives: node.ports.primitives };
    const due = [...peers].filter(([name]) => this.#compared.get(name)?.block !== newest.block);
    const answers = due.map(async ([name, { coordinator }]) => {
      const found = await compareIndex(own, name, coordinator);
      if (found !== undefined) this.#compared.set(name, found);
    });
    await Promise.all(answers.map(async (answer) => await answersSoon(clock, answer)));
    this.#tell();
  }

  #tell(): void {
    const { log } = this.#options;
    const { names } = differingIndexes([...this.#compared.values()]);
    const now = names.toSorted().join();
    if (now === this.#differing) return;
    this.#differing = now;
    if (now === '') log.info('index agrees');
    else log.error('index differs', { from: now });
  }

  get #index(): LedgerIndex | undefined {
    const [organisation] = this.#options.node.organisations.values();
    return organisation?.index;
  }
}
