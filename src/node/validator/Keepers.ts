import { askBlocks, type BlocksAsked } from '../../peers/askBlocks.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { fulfilled } from '../../services/quorum/fulfilled.ts';
import type { Logger } from '../operate/Logger.ts';

/** Options of `Keepers`. */
export interface KeepersOptions {
  /** Returns the other organisations' nodes. */
  readonly others: () => readonly BlocksAsked[];
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/**
 * The other organisations whose validators keep all blocks, by their nodes' word. A validator removes blocks only while k of
 * them do: else a network in which each leaves that to the others would have its first blocks nowhere.
 */
export class Keepers {
  readonly #options: KeepersOptions;
  #said: boolean | undefined;

  /** @param options - The others, and the log. */
  constructor(options: KeepersOptions) {
    this.#options = options;
  }

  /**
   * Asks the others, and logs when the answer changes.
   *
   * @param network - The network file in force.
   * @returns True if k of them keep all. One that does not answer does not count.
   */
  async areEnough(network: Pick<NetworkFile, 'channels'>): Promise<boolean> {
    const { others, log } = this.#options;
    const [needed, asked] = [keepersNeeded(network), others()];
    const answers = await Promise.allSettled(asked.map(async (each) => await askBlocks(each)));
    const keepers = fulfilled(answers).filter(({ all }) => all).length;
    const isEnough = keepers >= needed;
    if (isEnough !== this.#said) {
      const fields = { keepers, needed };
      if (isEnough) log.info('validator removes older blocks', fields);
      else log.warn('too few others keep all blocks: validator removes none', fields);
    }
    this.#said = isEnough;
    return isEnough;
  }
}

/**
 * Returns the number of other organisations that have to keep all blocks before a validator removes any: k of the first
 * channel, of whom one at least is honest.
 *
 * @param network - The network file.
 */
export function keepersNeeded({ channels }: Pick<NetworkFile, 'channels'>): number {
  return channels[0]?.thresholds.writes ?? 1;
}
