import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { FurtherContract } from '../../protocol/network/furtherContracts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { ContractsCreated } from '../../protocol/operator/OperatorPort.ts';
import type { LedgerIndex } from '../../services/LedgerIndex.ts';
import { carryChanges } from '../../services/succession/carryChanges.ts';
import {
  findContradicted,
  type ContradictedSuccessor,
} from '../../services/succession/findContradicted.ts';
import { isDoneAtOnce, isUrgent } from '../../services/succession/isDoneAtOnce.ts';
import { requireCreated } from '../../services/succession/requireCreated.ts';
import { requireRules } from '../../services/succession/requireRules.ts';
import { requireStakes } from '../../services/succession/requireStakes.ts';
import { tendRemovals, type RemovedKey } from '../../services/succession/tendRemovals.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import { admittedAccounts } from '../founding/admissions.ts';
import { accountsIn } from './accountsIn.ts';
import { ContractMaker } from './ContractMaker.ts';
import { formerIn } from './formerIn.ts';
import type { LedgerSeat } from './LedgerSeat.ts';

/** Options of `LedgerWork`. */
export interface LedgerWorkOptions {
  /** The organisations of the node. */
  readonly seats: readonly LedgerSeat[];
  readonly network: NetworkFile;
  readonly succession: Succession;
  /** The view of who may call that the seats have too. */
  readonly index: LedgerIndex;
  readonly clock: Clock;
  /** Called with failures of work that is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** Milliseconds between two comparisons of all successors with the ledger. */
const COMPARE_EVERY = 60_000;

/**
 * The work of a node at the ledger that no request asks for: it has accounts enrolled and suspended, brings changes of successors there,
 * and compares those that it hears of.
 */
export class LedgerWork {
  readonly #options: LedgerWorkOptions;
  /** Successors of which nothing is left to bring. */
  readonly #carried = new Set<Successor>();
  #contradicted: ContradictedSuccessor | undefined;
  #removed: readonly RemovedKey[] = [];
  #maker: ContractMaker | undefined;
  /** Moment of the last comparison, milliseconds. */
  #compared = -Infinity;

  /** @param options - The organisations, and the network files that they go by. */
  constructor(options: LedgerWorkOptions) {
    this.#options = options;
  }

  /** The newest successor that the ledger contradicted when it was last asked. */
  get contradicted(): ContradictedSuccessor | undefined {
    return this.#contradicted;
  }

  /** The validators whose keys were without power, as all others took it at once, when the ledger was last asked. */
  get removed(): readonly RemovedKey[] {
    return this.#removed;
  }

  /**
   * Has the accounts of the node's organisations enrolled, that of a file to come too, and those of organisations that
   * joined or have another: nobody else can send for them. Safe to repeat.
   *
   * @throws MedsealError `PEER_UNREACHABLE`, `ENROLMENT_REFUSED` if an account cannot be enrolled yet.
   */
  async settle(): Promise<void> {
    const { seats, onFailure } = this.#options;
    for (const seat of seats) {
      await seat.enrol();
      await this.#carryDue(seat);
      await this.#enrolComing(seat).catch(onFailure);
      await this.#enrolNewcomers(seat);
    }
    await this.enrolAdmitted();
  }

  /** Brings changes that are due as far as the ledger lets them go, enrols who came or comes by them, and suspends who left. */
  async carry(): Promise<void> {
    for (const seat of this.#options.seats) {
      await this.#carryDue(seat);
      await this.#enrolComing(seat);
      // One that is not enrolled itself can have nobody else enrolled.
      if (seat.isEnrolled) await this.#enrolNewcomers(seat);
      if (seat.isEnrolled) await this.#suspendFormer(seat);
    }
    await this.#compare();
  }

  /** Compares all successors with the ledger, those that came while it could not be asked too, and ends removals that lapsed. */
  async #compare(): Promise<void> {
    const { seats, index, succession, network, clock } = this.#options;
    const [seat] = seats;
    const since = clock.now() - this.#compared;
    // A clock that was set back puts it off no longer.
    if (seat === undefined || (since >= 0 && since < COMPARE_EVERY)) return;
    const carrier = { ...seat.carrier, index, succession };
    this.#contradicted = await findContradicted(carrier);
    // One that is not enrolled itself can send nothing.
    if (seat.isEnrolled) {
      this.#removed = await tendRemovals(carrier, [network, ...succession.files.slice(-1)]);
    }
    this.#compared = clock.now();
  }

  /** Has accounts enrolled that operators admitted here for other channels; the quorum may not have done so yet. */
  async enrolAdmitted(): Promise<void> {
    const { seats, index, onFailure } = this.#options;
    for (const seat of seats) {
      for (const { organisation, account } of await admittedAccounts(seat.home.authorityFiles)) {
        await index.refresh();
        if (index.party(account) !== undefined) continue;
        await seat.enrolFor(organisation, account).catch((error: unknown) => {
          if (!isMedsealError(error, 'ENROLMENT_REFUSED')) onFailure(error);
        });
      }
    }
  }

  /**
   * Compares a successor with the ledger, and begins the changes that belong to it there.
   *
   * @param successor - Its signatures are verified.
   * @throws MedsealError `SUCCESSOR_INVALID` if they do not agree.
   */
  async confirm(successor: Successor): Promise<void> {
    const { seats, index, succession, onFailure } = this.#options;
    const [seat] = seats;
    if (seat === undefined) return;
    const carrier = { ...seat.carrier, index, succession };
    await requireRules(carrier, successor);
    await requireStakes(carrier, successor);
    await requireCreated(seat.carrier, successor);
    this.#compared = -Infinity;
    try {
      await carryChanges(carrier, successor);
    } catch (error) {
      onFailure(error);
      if (!isMedsealError(error, 'RULE_REFUSED')) return;
      // Another node can have begun the same, or somebody a change that was dropped; or its deadline passed.
      await requireRules(carrier, successor);
      await requireStakes(carrier, successor);
      if (await isDoneAtOnce(seat.carrier, successor)) return;
      // Nothing brings it later, so nobody is to take it as done.
      throw new MedsealError('SUCCESSOR_INVALID', {
        reason: `the ledger does not do what it does at once (${error.values.reason})`,
      });
    }
  }

  /**
   * Creates contracts that the network lacks, from the account of the node's first organisation.
   *
   * @param wanted - Their names.
   * @throws MedsealError as `ContractMaker.create` does.
   */
  async create(wanted: readonly FurtherContract[]): Promise<ContractsCreated> {
    const [seat] = this.#options.seats;
    if (seat === undefined) throw new MedsealError('CLOSED', { what: 'node' });
    const { network, succession } = this.#options;
    this.#maker ??= new ContractMaker({ ...seat.carrier, network, succession });
    return await this.#maker.create(wanted);
  }

  /**
   * Brings the changes of successors that are in force as far as the ledger lets them go, and those that are done at once: the ledger may
   * not have answered when they were published.
   */
  async #carryDue(seat: LedgerSeat): Promise<void> {
    const { succession, clock, onFailure } = this.#options;
    const { carrier } = seat;
    for (const successor of succession.successors) {
      const now = seconds(clock);
      const isDue = successor.from <= now || isUrgent(successor, now);
      if (!isDue || this.#carried.has(successor)) continue;
      try {
        if (await carryChanges(carrier, successor)) this.#carried.add(successor);
      } catch (error) {
        // The contract refuses it for good: to ask again would only fill blocks.
        if (isMedsealError(error, 'RULE_REFUSED')) this.#carried.add(successor);
        onFailure(error);
      }
    }
  }

  /** Has the account enrolled that the newest file names for the organisation. */
  async #enrolComing(seat: LedgerSeat): Promise<void> {
    const { succession, index } = this.#options;
    const newest = succession.files.at(-1);
    const [account] = newest === undefined ? [] : accountsIn(newest, seat.home.organisation);
    if (account === undefined || index.party(account) !== undefined) return;
    await seat.enrol(account);
  }

  /** Has accounts suspended that no file names any more; the members of other nodes may not know that yet. */
  async #suspendFormer(seat: LedgerSeat): Promise<void> {
    const { succession, clock, onFailure } = this.#options;
    for (const { account } of formerIn(succession, seconds(clock))) {
      await seat.suspend(account).catch((error: unknown) => {
        if (!isMedsealError(error, 'ENROLMENT_REFUSED')) onFailure(error);
      });
    }
  }

  /** Has the accounts enrolled of organisations that joined: until then the ledger takes nothing from them. */
  async #enrolNewcomers(seat: LedgerSeat): Promise<void> {
    const { network, index, onFailure } = this.#options;
    for (const { organisation, sender: account } of network.nodes ?? []) {
      if (index.party(account) !== undefined) continue;
      await seat.enrolFor(organisation, account).catch(onFailure);
    }
  }
}
