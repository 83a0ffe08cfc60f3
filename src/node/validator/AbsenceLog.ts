import type { Logger } from '../operate/Logger.ts';
import type { Presence } from './Presence.ts';

/** Shares of what a validator may miss at which its absence is told. */
const SHARES = [0.1, 0.5, 0.9];

/** Tells operators in the log of validators that are absent, long before they are set aside, and once they are. */
export class AbsenceLog {
  readonly #log: Logger;
  /** The level that was told of each validator last. */
  readonly #told = new Map<string, number>();

  /** @param log - The node's log. */
  constructor(log: Logger) {
    this.#log = log;
  }

  /**
   * Tells what changed.
   *
   * @param presence - The newest state.
   */
  note({ validators, window, mostMissed }: Presence): void {
    for (const { organisation, key, missed, aside, out } of validators) {
      const before = this.#told.get(key) ?? 0;
      const level = out ? OUT : aside ? ASIDE : levelOf(missed / mostMissed);
      this.#told.set(key, level);
      const fields = { organisation, missed, of: window, most: mostMissed };
      if (level === OUT && before !== OUT) this.#log.error('validator is out', { organisation });
      else if (level === ASIDE && before !== ASIDE) this.#log.error('validator set aside', fields);
      else if (level < ASIDE && level > before) this.#log.warn('validator absent', fields);
      else if (level === 0 && before > 0) this.#log.info('validator present again', fields);
    }
  }
}

const ASIDE = SHARES.length + 1;
const OUT = ASIDE + 1;

function levelOf(share: number): number {
  return SHARES.filter((each) => share >= each).length;
}
