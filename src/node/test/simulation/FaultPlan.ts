import type { Organisation } from '../../../protocol/ids.ts';
import { ORGANISATIONS } from '../testNetwork.ts';
import { Dice } from './Dice.ts';

/** Milliseconds that the clocks of two honest organisations may be apart, at most: half of it for each. */
const HONEST_SKEW = 4000;

/** Milliseconds for which an organisation, or its way to the ledger, is cut off at a time. */
const CUT = 15_000;

/** What goes wrong in one run, by its seed: each run has some kinds of faults, so that none hides another. */
export class FaultPlan {
  readonly #dice: Dice;
  readonly #loss: number;
  readonly #doubling: number;
  readonly #slowness: number;
  readonly #crashes: number;
  readonly #cuts: number;
  readonly #ledgerFaults: number;
  readonly #skews: ReadonlyMap<Organisation, number>;
  readonly #away = new Map<number, Organisation | undefined>();
  #calm = true;

  /** @param seed - The run's. */
  constructor(seed: string) {
    const dice = new Dice(`${seed} faults`);
    this.#dice = dice;
    this.#loss = dice.pick([0, 0.01, 0.05, 0.15]);
    this.#doubling = dice.pick([0, 0.02, 0.2]);
    this.#slowness = dice.pick([0, 0.05, 0.2]);
    this.#crashes = dice.pick([0, 0.002, 0.01]);
    this.#cuts = dice.pick([0, 0, 0.3]);
    this.#ledgerFaults = dice.pick([0, 0.02, 0.1]);
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

  /** Milliseconds after which each copy of a message arrives that is sent at a time; none where it is lost. */
  arrivals(from: string, to: string, now: number): readonly number[] {
    if (from === to) return [0];
    if (this.#calm) return [1];
    const away = this.#awayAt(now);
    if (from === away || to === away || this.#dice.chance(this.#loss)) return [];
    const copies = this.#dice.chance(this.#doubling) ? 2 : 1;
    return Array.from({ length: copies }, () => this.#delay());
  }

  /** Milliseconds that a message to the ledger or from it takes; undefined where it is lost. */
  ledgerDelay(): number | undefined {
    if (this.#calm) return 0;
    if (this.#dice.chance(this.#ledgerFaults)) {
      return this.#dice.chance(0.5) ? undefined : this.#delay();
    }
    return 0;
  }

  /** Whether an organisation crashes at a step on its disks. */
  crashes(): boolean {
    return !this.#calm && this.#dice.chance(this.#crashes);
  }

  /** Milliseconds from a crash until the organisation is back. */
  absence(): number {
    return this.#dice.pick([50, 2000, 30_000]);
  }

  /** Who is cut off from all others at a time. */
  #awayAt(now: number): Organisation | undefined {
    const span = Math.floor(now / CUT);
    if (!this.#away.has(span)) {
      const cut = this.#dice.chance(this.#cuts);
      this.#away.set(span, cut ? this.#dice.pick(ORGANISATIONS) : undefined);
    }
    return this.#away.get(span);
  }

  #delay(): number {
    return this.#dice.chance(this.#slowness)
      ? this.#dice.between(500, 12_000)
      : this.#dice.between(1, 40);
  }
}
