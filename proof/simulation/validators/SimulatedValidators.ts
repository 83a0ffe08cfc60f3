import type { LedgerProvider } from '../../../src/bindings/LedgerProvider.ts';
import { CallRunner } from '../../../src/ledger/chain/CallRunner.ts';
import { MAX_TRANSACTIONS } from '../../../src/ledger/chain/limits.ts';
import type { SignedTransaction } from '../../../src/ledger/chain/readTransaction.ts';
import { TransactionPool } from '../../../src/ledger/chain/TransactionPool.ts';
import { FilterRegistry } from '../../../src/ledger/rpc/FilterRegistry.ts';
import { methods } from '../../../src/ledger/rpc/methods.ts';
import type { Address, Organisation } from '../../../src/protocol/ids.ts';
import { HONEST_SKEW, type FaultPlan } from '../FaultPlan.ts';
import type { Scheduler } from '../Scheduler.ts';
import { SimulatedChain, type ChainOptions } from './SimulatedChain.ts';
import { SimulatedValidator } from './SimulatedValidator.ts';
import { SPAN, type Absence, type Early, type ValidatorPlan } from './ValidatorPlan.ts';

/** Milliseconds of a turn whose proposer is away, and of one that begins while too few are there. */
const [MISSED, TOO_FEW] = [1900, 500];
/** Milliseconds from the return of a validator until it votes again. */
const CATCHING_UP = 1500;

/** Options of `SimulatedValidators.open`. */
export interface ValidatorsOptions extends ChainOptions {
  /** Name of the chain. */
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly faults: FaultPlan;
  readonly plan: ValidatorPlan;
  /** Account of each organisation. */
  readonly accounts: ReadonlyMap<Organisation, Address>;
}

/** One validator and its part in the consensus. */
interface Seat {
  readonly validator: SimulatedValidator;
  /** Time from which it votes. */
  votesFrom: number;
  /** True if it is getting a block. */
  isFetching: boolean;
  /** True while an absence of the span is to come or under way. */
  isLeaving: boolean;
}

/**
 * Validators of equal stake that hold a ledger together, on simulated time: proposers take turns, a block is final once
 * over two thirds of the stake have signed it, and nothing is final while a third is away. Each node gets a block in its
 * own time.
 */
export class SimulatedValidators implements LedgerProvider {
  readonly chainId: number;
  readonly #options: ValidatorsOptions;
  readonly #chain: SimulatedChain;
  readonly #seats: readonly Seat[];
  readonly #organisationOf: ReadonlyMap<Address, Organisation>;
  readonly #listeners = new Set<(block: { readonly number: number }) => void>();
  readonly #calls: CallRunner;
  /** Times at which the blocks of this run were finished, by number. */
  readonly #finished = new Map<number, number>();
  /** Turns of the present height that ended without a block. */
  #missed = 0;
  /** Unix seconds of the votes for the newest block, which are the next one's time. */
  #voted: number;
  #closed = false;
  #nextRound: { readonly at: number; readonly cancel: () => void } | undefined;

  private constructor(options: ValidatorsOptions, chain: SimulatedChain, seats: readonly Seat[]) {
    this.#options = options;
    this.chainId = options.chainId;
    this.#chain = chain;
    this.#seats = seats;
    this.#calls = new CallRunner(chain.newest);
    this.#voted = chain.timestamp;
    this.#organisationOf = new Map([...options.accounts].map(([name, account]) => [account, name]));
  }

  /** Starts the validators at the last block of a database. */
  static async open(options: ValidatorsOptions): Promise<SimulatedValidators> {
    const chain = await SimulatedChain.open(options);
    const seats: Seat[] = [];
    const senders = new Set(options.accounts.values());
    const started: { all?: SimulatedValidators } = {};
    for (const organisation of options.accounts.keys()) {
      const validator: SimulatedValidator = new SimulatedValidator({
        organisation,
        name: options.name,
        blocks: await chain.copy(),
        states: await chain.copy(),
        clock: options.scheduler.clock(),
        senders,
        onTransaction: (transaction) => started.all?.gossip(validator, transaction),
      });
      seats.push({ validator, votesFrom: 0, isFetching: false, isLeaving: false });
    }
    const validators = new SimulatedValidators(options, chain, seats);
    started.all = validators;
    validators.#rest(0);
    validators.#beginSpan();
    return validators;
  }

  /** The validator of an organisation. */
  of(organisation: Organisation): SimulatedValidator {
    const seat = this.#seats.find(({ validator }) => validator.organisation === organisation);
    if (seat === undefined) throw new Error(`there is no validator of ${organisation}`);
    return seat.validator;
  }

  /** Answers from the newest block of all, for those who check a run. */
  async request({
    method,
    params = [],
  }: Parameters<LedgerProvider['request']>[0]): Promise<unknown> {
    const run = methods.get(method);
    if (run === undefined) throw new Error(`there is no ${method}`);
    return await run(
      {
        chain: this.#chain.newest,
        pool: new TransactionPool(),
        filters: new FilterRegistry(),
        clock: this.#options.scheduler.clock(),
        calls: this.#calls,
        maySend: async () => await Promise.resolve(false),
        accept: () => {
          throw new Error('this takes no transactions');
        },
      },
      params,
    );
  }

  /** Tells of every block when it is final, before any node has it. */
  onBlock(listener: (block: { readonly number: number }) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes no further block. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#nextRound?.cancel();
    await Promise.resolve();
  }

  /** Passes a transaction on that a validator's node took. */
  gossip(from: SimulatedValidator, transaction: SignedTransaction): void {
    const { plan, scheduler } = this.#options;
    for (const { validator } of this.#seats) {
      const delay = validator === from ? undefined : plan.gossip();
      if (delay === undefined) continue;
      scheduler.after(delay, '', () => {
        if (this.#isCutOff(from) || this.#isCutOff(validator)) return;
        validator.offer(transaction, this.#chain.nonceOf(transaction.from));
        this.#hurry();
      });
    }
    this.#hurry();
  }

  #isCutOff({ organisation }: SimulatedValidator): boolean {
    const { faults, scheduler } = this.#options;
    return faults.isCutOff(organisation, scheduler.now);
  }

  #votes({ validator, votesFrom }: Seat): boolean {
    return validator.up && !this.#isCutOff(validator) && this.#options.scheduler.now >= votesFrom;
  }

  get #isQuorum(): boolean {
    const voters = this.#seats.filter((seat) => this.#votes(seat)).length;
    return 3 * voters > 2 * this.#seats.length;
  }

  /** Begins the next turn after a while. */
  #rest(pause: number): void {
    const { scheduler } = this.#options;
    if (this.#closed) return;
    this.#nextRound?.cancel();
    const cancel = scheduler.after(pause, '', () => {
      this.#nextRound = undefined;
      void scheduler.hold(this.#propose());
    });
    this.#nextRound = { at: scheduler.now + pause, cancel };
  }

  /** A block follows soon if a transaction waits. */
  #hurry(): void {
    const { scheduler, plan } = this.#options;
    const soon = plan.pause(true);
    if (this.#nextRound !== undefined && this.#missed === 0) {
      if (this.#nextRound.at > scheduler.now + soon) this.#rest(soon);
    }
  }

  async #propose(): Promise<void> {
    const { scheduler, plan } = this.#options;
    if (plan.calm) this.#allReturn();
    for (const seat of this.#seats) this.#fetch(seat);
    if (!this.#isQuorum) {
      if (this.#missed === 0) scheduler.note('the ledger stands still');
      this.#missed += 1;
      this.#rest(TOO_FEW);
      return;
    }
    const seat = this.#seats[(this.#chain.height + this.#missed) % this.#seats.length];
    if (seat === undefined || !this.#votes(seat)) {
      this.#missed += 1;
      this.#rest(MISSED);
      return;
    }
    const proposer = seat.validator.organisation;
    const block = seat.validator.pool
      .ready((account) => this.#chain.nonceOf(account))
      .filter(({ from }) => {
        const sender = this.#organisationOf.get(from);
        return sender === undefined || !plan.leavesOut(proposer, sender);
      })
      .slice(0, MAX_TRANSACTIONS);
    scheduler.after(plan.voting(), '', () => void scheduler.hold(this.#decide(block)));
  }

  async #decide(block: readonly SignedTransaction[]): Promise<void> {
    const { scheduler, plan } = this.#options;
    if (this.#closed) return;
    if (!this.#isQuorum || plan.unfinished()) {
      this.#missed += 1;
      this.#rest(MISSED);
      return;
    }
    this.#missed = 0;
    await this.#chain.append(block, Math.max(this.#chain.timestamp, this.#voted));
    const { height: number } = this.#chain;
    this.#voted = this.#medianTime();
    this.#finished.set(number, scheduler.now);
    if (block.length > 0) scheduler.note(`block ${number} of ${block.length} transactions`);
    for (const listener of this.#listeners) listener({ number });
    for (const seat of this.#seats) this.#fetch(seat);
    const waits = this.#seats.some(({ validator }) => validator.pool.size > 0);
    this.#rest(plan.pause(waits));
  }

  /** The median of the validators' clocks, Unix seconds; the true time if over half of these are astray. */
  #medianTime(): number {
    const { faults, scheduler } = this.#options;
    const skews = this.#seats.map(({ validator }) => faults.skew(validator.organisation));
    const middle = skews.toSorted((a, b) => a - b)[Math.floor(skews.length / 2)] ?? 0;
    const skew = Math.abs(middle) > HONEST_SKEW / 2 ? 0 : middle;
    return Math.floor((scheduler.now + skew) / 1000);
  }

  /** Has a node get the next block that it lacks, then the one after it. */
  #fetch(seat: Seat): void {
    const { scheduler, plan } = this.#options;
    const { validator } = seat;
    const next = validator.told + 1;
    const isReady = validator.up && !this.#isCutOff(validator) && next <= this.#chain.height;
    if (seat.isFetching || !isReady || this.#closed) return;
    seat.isFetching = true;
    const finished = this.#finished.get(next) ?? 0;
    const due = finished + plan.lag(validator.organisation);
    const early = plan.early();
    scheduler.after(Math.max(1, due - scheduler.now), '', () => {
      this.#hear(seat, next, early?.kind);
      scheduler.after(early?.by ?? 0, '', () => {
        if (early !== undefined) this.#hear(seat, next);
        seat.isFetching = false;
        this.#fetch(seat);
      });
    });
  }

  /** Unless it went away, or back to an older copy, meanwhile. */
  #hear({ validator }: Seat, number: number, early?: Early): void {
    if (!validator.up || validator.told > number || validator.told < number - 1) return;
    validator.hear(number, this.#chain.newest, early);
  }

  /** Decides who is away in the span that begins. */
  #beginSpan(): void {
    const { scheduler, plan } = this.#options;
    if (this.#closed) return;
    for (const seat of this.#seats) {
      const absence = seat.isLeaving ? undefined : plan.absence();
      if (absence === undefined) continue;
      seat.isLeaving = true;
      scheduler.after(absence.begins, '', () => this.#leave(seat, absence));
    }
    scheduler.after(SPAN, '', () => this.#beginSpan());
  }

  #leave(seat: Seat, { kind, lasts, older }: Absence): void {
    const { scheduler, plan } = this.#options;
    seat.isLeaving = !plan.calm;
    if (plan.calm) return;
    const { organisation } = seat.validator;
    scheduler.note(`the validator of ${organisation} is ${kind === 'hung' ? 'hung' : 'down'}`);
    seat.validator.leave(kind === 'hung' ? 'hung' : 'down');
    scheduler.after(lasts, '', () => {
      seat.isLeaving = false;
      this.#return(seat, kind === 'older' ? older : 0);
    });
  }

  #return(seat: Seat, older: number): void {
    const { scheduler } = this.#options;
    if (seat.validator.up) return;
    scheduler.note(
      `the validator of ${seat.validator.organisation} is back, ${older} blocks older`,
    );
    seat.validator.come(older);
    seat.votesFrom = scheduler.now + CATCHING_UP;
    this.#fetch(seat);
  }

  #allReturn(): void {
    for (const seat of this.#seats) this.#return(seat, 0);
  }
}
