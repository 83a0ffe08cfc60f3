import type { Organisation } from '../../../protocol/ids.ts';
import { ORGANISATIONS } from '../testNetwork.ts';
import { Dice } from './Dice.ts';

/** Milliseconds that the clocks of two honest organisations may be apart, at most: half of it for each. */
const HONEST_SKEW = 4000;

/** What goes wrong in one run, by its seed: each run has some kinds of faults, so that none hides another. */
export class FaultPlan {
  readonly #dice: Dice;
  readonly #loss: number;
  readonly #doubling: number;
  readonly #slowness: number;
  readonly #crashes: number;
  readonly #skews: ReadonlyMap<Organisation, number>;
  #calm = true;

  /** @param seed - The run's. */
  constructor(seed: string) {
    const dice = new Dice(`${seed} faults`);
    this.#dice = dice;
    this.#loss = dice.pick([0, 0.01, 0.05, 0.15]);
    this.#doubling = dice.pick([0, 0.02, 0.2]);
    this.#slowness = dice.pick([0, 0.05, 0.2]);
    this.#crashes = dice.pick([0, 0.002, 0.01]);
    const astray = dice.chance(0.3) ? dice.pick(ORGANISATIONS) : undefined;
    this.#skews = new Map(
      ORGANISATIONS.map((name) => {
        const honest = dice.between(-HONEST_SKEW / 2, HONEST_SKEW / 2);
        const far = dice.pick([-1, 1]) * dice.between(5000, 120_000);
        return [name, name === astray ? far : honest];
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

  /** Milliseconds after which each copy of a message arrives; none where it is lost. */
  arrivals(from: string, to: string): readonly number[] {
    if (from === to) return [0];
    if (this.#calm) return [1];
    if (this.#dice.chance(this.#loss)) return [];
    const copies = this.#dice.chance(this.#doubling) ? 2 : 1;
    return Array.from({ length: copies }, () => this.#delay());
  }

  /** Whether an organisation crashes at a step on its disks. */
  crashes(): boolean {
    return !this.#calm && this.#dice.chance(this.#crashes);
  }

  /** Milliseconds from a crash until the organisation is back. */
  absence(): number {
    return this.#dice.pick([50, 2000, 30_000]);
  }

  #delay(): number {
    return this.#dice.chance(this.#slowness)
      ? this.#dice.between(500, 12_000)
      : this.#dice.between(1, 40);
  }
}
