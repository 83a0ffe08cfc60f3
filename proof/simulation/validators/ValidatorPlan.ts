import type { Organisation } from '../../../src/protocol/ids.ts';
import { Dice } from '../Dice.ts';

/** Milliseconds of which a validator has one outage, at most. */
export const SPAN = 10_000;
/** Longest wait for the next block while no transaction waits, milliseconds. */
const IDLE = 1000;
/** The same once faults have ended: nobody looks at empty blocks then. */
const CALM_IDLE = 5000;

/**
 * Ways in which a validator is away: its process has ended; the same, and it comes back with an older copy of its folder;
 * or it stands still, so that callers wait for it.
 */
export type Outage = 'down' | 'older' | 'hung';

/**
 * Part of a new block that a validator's node tells before the rest: its number, before the block can be read; the block,
 * before calls see its state; or the block, before its transactions can be found by their hashes.
 */
export type Early = 'number' | 'block' | 'logs';

/** One absence of a validator. */
export interface Absence {
  readonly kind: Outage;
  /** Milliseconds from the beginning of the span. */
  readonly begins: number;
  /** Milliseconds. */
  readonly lasts: number;
  /** Number of blocks that an older copy of its folder lacks. */
  readonly older: number;
}

/** Rules and faults of the consortium's engine in one run, by its seed. */
export class ValidatorPlan {
  /** True before the faults, and once they have ended. */
  calm = true;
  /**
   * Whose faults the run has: of validators and of all else; of validators alone; or of nobody, and validators only have
   * blocks at different times, as they always do.
   */
  readonly faults: 'all' | 'validators' | 'none';
  /** Milliseconds between two blocks while transactions wait. */
  readonly blockTime: number;
  readonly #dice: Dice;
  readonly #absences: number;
  readonly #early: number;
  readonly #gossipLoss: number;
  readonly #unfinished: number;
  readonly #slow: readonly Organisation[];
  readonly #unfair: 'never' | 'turns' | 'always';
  /** The one whose transactions an unfair proposer leaves out, and this proposer. */
  readonly #leftOut: Organisation;
  readonly #unfairOne: Organisation;

  /**
   * @param seed - The run's.
   * @param organisations - Those that have a validator each.
   */
  constructor(seed: string, organisations: readonly Organisation[]) {
    const dice = new Dice(`${seed} validators`);
    this.#dice = dice;
    this.faults = dice.pick(['all', 'all', 'validators', 'none']);
    const isFaultless = this.faults === 'none';
    this.blockTime = dice.pick([100, 300, 300, 1000]);
    this.#absences = isFaultless ? 0 : dice.pick([0, 0.05, 0.15, 0.4]);
    this.#early = isFaultless ? 0 : dice.pick([0, 0.2, 0.8]);
    this.#gossipLoss = dice.pick([0, 0.1, 0.5]);
    this.#unfinished = isFaultless ? 0 : dice.pick([0, 0, 0.1]);
    this.#slow = isFaultless ? [] : dice.some(organisations, dice.pick([0, 0, 1, 2]));
    this.#unfair = dice.pick(['never', 'turns', 'always']);
    this.#leftOut = dice.pick(organisations);
    this.#unfairOne = dice.pick(organisations.filter((name) => name !== this.#leftOut));
  }

  /** Tells whether a proposer leaves out what an organisation sends, in its present turn. */
  leavesOut(proposer: Organisation, sender: Organisation): boolean {
    if (sender !== this.#leftOut || proposer === sender) return false;
    if (this.#unfair === 'always') return proposer === this.#unfairOne;
    return this.#unfair === 'turns' && !this.calm && this.#dice.chance(0.5);
  }

  /** Milliseconds from a block to the next. */
  pause(waiting: boolean): number {
    if (waiting) return this.blockTime;
    return this.calm ? CALM_IDLE : Math.max(IDLE, this.blockTime);
  }

  /** Milliseconds from a proposal until two thirds of the stake have signed it. */
  voting(): number {
    return this.calm ? 10 : this.#dice.between(10, 200);
  }

  /** Tells whether the votes for a proposal come too late, so that another is made. */
  unfinished(): boolean {
    return !this.calm && this.#dice.chance(this.#unfinished);
  }

  /** Milliseconds from the end of a vote until a validator's node has the block. */
  lag(organisation: Organisation): number {
    if (this.calm) return 2;
    return this.#slow.includes(organisation)
      ? this.#dice.between(50, 4000)
      : this.#dice.between(2, 40);
  }

  /** Part of a new block that a node tells first, and by how many milliseconds; undefined if it tells all at once. */
  early(): { readonly kind: Early; readonly by: number } | undefined {
    if (this.calm || !this.#dice.chance(this.#early)) return undefined;
    return { kind: this.#dice.pick(['number', 'block', 'logs']), by: this.#dice.between(5, 400) };
  }

  /** Milliseconds until another validator has a transaction; undefined if it never hears of it. */
  gossip(): number | undefined {
    if (this.calm) return 5;
    return this.#dice.chance(this.#gossipLoss) ? undefined : this.#dice.between(5, 100);
  }

  /** The absence of a validator in the span that begins; undefined if it stays. */
  absence(): Absence | undefined {
    if (this.calm || !this.#dice.chance(this.#absences)) return undefined;
    return {
      kind: this.#dice.pick(['down', 'older', 'hung']),
      begins: this.#dice.between(0, SPAN - 1),
      lasts: this.#dice.pick([300, 3000, 20_000]),
      older: this.#dice.between(1, 20),
    };
  }
}
