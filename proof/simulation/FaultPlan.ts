import type { Organisation } from '../../src/protocol/ids.ts';
import { Dice } from './Dice.ts';
import type { Setting } from './settingOf.ts';

/** Milliseconds that the clocks of two honest organisations may be apart, at most: half of it for each. */
export const HONEST_SKEW = 4000;

/** Milliseconds for which an organisation, or its way to the ledger, is cut off at once. */
const CUT = 15_000;

/** Faults of one run, by its seed: each run has some kinds of faults, so that none hides another. */
export class FaultPlan {
  readonly #dice: Dice;
  readonly #loss: number;
  readonly #doubling: number;
  readonly #slowness: number;
  readonly #crashes: number;
  /** Number of organisations that may be down at once. */
  readonly #together: number;
  readonly #cuts: number;
  readonly #ledgerFaults: number;
  readonly #skews: ReadonlyMap<Organisation, number>;
  readonly #away = new Map<number, readonly Organisation[]>();
  readonly #organisations: readonly Organisation[];
  #calm = true;

  /**
   * @param seed - The run's.
   * @param setting - The consortium.
   */
  constructor(seed: string, { organisations, threshold }: Setting) {
    const dice = new Dice(`${seed} faults`);
    const tooMany = organisations.length - threshold + 1;
    this.#organisations = organisations;
    this.#together = dice.pick([1, 1, tooMany, organisations.length]);
    this.#dice = dice;
    this.#loss = dice.pick([0, 0.01, 0.05, 0.15]);
    this.#doubling = dice.pick([0, 0.02, 0.2]);
    this.#slowness = dice.pick([0, 0.05, 0.2]);
    this.#crashes = dice.pick([0, 0.002, 0.01]);
    this.#cuts = dice.pick([0, 0, 0.3]);
    this.#ledgerFaults = dice.pick([0, 0.02, 0.1]);
    const astray = dice.some(organisations, dice.pick([0, 0, 0, 1, 1, tooMany]));
    this.#skews = new Map(
      organisations.map((name) => {
        const honest = dice.between(-HONEST_SKEW / 2, HONEST_SKEW / 2);
        const far = dice.pick([-1, 1]) * dice.between(5000, 120_000);
        return [name, astray.includes(name) ? far : honest];
      }),
    );
  }

  /** Begins the faults, or ends them. */
  set calm(calm: boolean) {
    this.#calm = calm;
  }

  /** Milliseconds that an organisation's clock is ahead of the true time. */
  skew(organisation: Organisation): number {
    return this.#calm ? 0 : (this.#skews.get(organisation) ?? 0);
  }

  /** Returns the milliseconds after which each copy of a message sent at a time arrives; no copy if it is lost. */
  arrivals(from: string, to: string, now: number): readonly number[] {
    if (from === to) return [0];
    if (this.#calm) return [1];
    const away = this.#awayAt(now);
    if (away.includes(from) || away.includes(to) || this.#dice.chance(this.#loss)) return [];
    const copies = this.#dice.chance(this.#doubling) ? 2 : 1;
    return Array.from({ length: copies }, () => this.#delay());
  }

  /** Tells whether an organisation is cut off from all others at a time. */
  isCutOff(organisation: Organisation, now: number): boolean {
    return !this.#calm && this.#awayAt(now).includes(organisation);
  }

  /** Changes the answer that a service of an organisation gives. */
  answerOf(_organisation: string, answer: unknown): unknown {
    return answer;
  }

  /** Milliseconds that a message to the ledger or from it takes; undefined if it is lost. */
  ledgerDelay(): number | undefined {
    if (this.#calm) return 0;
    if (this.#dice.chance(this.#ledgerFaults)) {
      return this.#dice.chance(0.5) ? undefined : this.#delay();
    }
    return 0;
  }

  /**
   * Tells whether an organisation crashes at a step on its disks.
   * @param down - Number of organisations that are down already.
   */
  crashes(down: number): boolean {
    return !this.#calm && down < this.#together && this.#dice.chance(this.#crashes);
  }

  /** Milliseconds from a crash until the organisation is back. */
  absence(): number {
    return this.#dice.pick([50, 2000, 30_000]);
  }

  /** Returns the organisations that are cut off from all others at a time. */
  #awayAt(now: number): readonly Organisation[] {
    const span = Math.floor(now / CUT);
    const known = this.#away.get(span);
    if (known !== undefined) return known;
    const count = this.#dice.chance(this.#cuts) ? this.#dice.between(1, this.#together) : 0;
    const away = this.#dice.some(this.#organisations, count);
    this.#away.set(span, away);
    return away;
  }

  #delay(): number {
    return this.#dice.chance(this.#slowness)
      ? this.#dice.between(500, 12_000)
      : this.#dice.between(1, 40);
  }
}
