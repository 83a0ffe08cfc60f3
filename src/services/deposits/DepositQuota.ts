import { MedsealError } from '../../errors/MedsealError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { exactRow } from '../../database/exactRow.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { CommitEpochs, End, RuleType, Signed } from '../../protocol/struct/requests.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';
import type { RowChange, ServiceDatabase } from '../../database/synced.ts';
import type { DepositFeed, SourceRow } from './DepositFeed.ts';
import {
  endKey,
  endingKey,
  packetsOf,
  patientDeposits,
  overKey,
  packetKey,
  readDepositKey,
  sheetKey,
  stateKey,
} from './depositKeys.ts';
import { endingIn } from './endingIn.ts';
import { AFTERMATH, isUntaken, type CareView } from './CareQuota.ts';
import { handleOfDeposit } from './handleOfDeposit.ts';
import { STATE_ROW } from './stateIn.ts';

/** The most characters that nodes keep for one patient. */
export const MOST_FOR_PATIENT = 64 * 2 ** 20;
/** Number of further characters for requests that end a right, and for the states and packets that come with them. */
const RESERVE = MOST_FOR_PATIENT / 8;
/**
 * Factor of the quota for what other organisations keep already: no node that was away stays behind because of a quota.
 */
const COPIED = 2;
/** Number of patients for whom the next look, or what is kept, is remembered; the others are searched sooner. */
const MOST_REMEMBERED = 10_000;

/** A node's own view of the ledger, as far as it tells what is of use. */
export type ChartView = Pick<LedgerIndex, 'patient' | 'grant'> & CareView;

/** Deposit that is about to be kept. */
export interface IncomingDeposit {
  readonly handle: Handle;
  /** Characters. */
  readonly size: number;
  /** Characters of the deposit that it replaces. */
  readonly replaced: number;
  /** True if it is a grant or a commitment: the others may use the reserve, so that a right can always be ended. */
  readonly isMore: boolean;
  /** True if a peer keeps it already. */
  readonly isCopy: boolean;
}

/**
 * Limits what a node keeps for each patient, and finds deposits that nobody can ask for any more. This node's own
 * deposits and the ledger decide what is deleted: a packet goes only if the node holds a newer one for the same grant,
 * which it would give in any case, or if the right is over and the keys have turned. So every node that kept a deposit
 * keeps it or its replacement.
 */
export class DepositQuota {
  readonly #database: ServiceDatabase;
  readonly #feed: DepositFeed;
  /** By patient, after how many more sources it is worth to look through all of them again. */
  readonly #patience = new Map<Handle, number>();
  /** By patient, how many characters are kept at most: counted once, then what came since; deletions are left out. */
  readonly #atMost = new Map<Handle, number>();

  /**
   * @param database - The store's.
   * @param feed - Sources of deposits, in the order in which they came.
   */
  constructor(database: ServiceDatabase, feed: DepositFeed) {
    this.#database = database;
    this.#feed = feed;
  }

  /**
   * Requires that there is room. All that a patient has is counted only if what is known of it could be too much. The
   * caller holds the patient's lock.
   * @param arriving - Deposit that is about to be kept.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  async require({ handle, size, replaced, isMore, isCopy }: IncomingDeposit): Promise<void> {
    const most = (MOST_FOR_PATIENT + (isMore ? 0 : RESERVE)) * (isCopy ? COPIED : 1);
    const known = this.#atMost.get(handle);
    const taken =
      known !== undefined && known + size - replaced <= most ? known : await this.taken(handle);
    this.#atMost.set(handle, taken);
    if (taken + size - replaced > most) {
      throw new MedsealError('QUOTA_SPENT', { what: 'deposits for one patient' });
    }
    this.#atMost.set(handle, taken + size);
    keepNewest(this.#atMost, MOST_REMEMBERED);
  }

  /**
   * Has what is kept for a patient counted again before the next deposit: something came for which no room was required.
   * @param handle - The patient.
   */
  forget(handle: Handle): void {
    this.#atMost.delete(handle);
  }

  /** Number of characters that are kept for a patient. */
  async taken(handle: Handle): Promise<number> {
    const state = await this.#database.get(stateKey(handle));
    let taken = state?.length ?? 0;
    for await (const size of this.#database.values(patientDeposits(handle))) taken += Number(size);
    return taken;
  }

  /** Patients with deposits. */
  async *patients(): AsyncIterable<Handle> {
    for (let range = patientDeposits(); ;) {
      const [key] = await this.#database.keys({ ...range, limit: 1 }).all();
      if (key === undefined) return;
      const handle = readDepositKey(key).owner as Handle;
      yield handle;
      range = { ...range, gt: patientDeposits(handle).lt };
    }
  }

  /**
   * Tells whether to search a patient's deposits now that there is one more source: each time if there are few, and
   * seldom if there are many, so that to keep one costs no more for that.
   * @param handle - The patient.
   */
  isWorthIt(handle: Handle): boolean {
    const left = (this.#patience.get(handle) ?? 1) - 1;
    if (left > 0) this.#patience.set(handle, left);
    return left <= 0;
  }

  /**
   * Returns the changes that delete everything that is of no more use for a patient. The caller holds the patient's
   * lock.
   * @param handle - The patient.
   * @param view - The node's own view of the ledger.
   */
  async dead(handle: Handle, view: ChartView): Promise<readonly RowChange<string>[]> {
    const changes: RowChange<string>[] = [];
    const live: SourceRow[] = [];
    const dead: SourceRow[] = [];
    for await (const key of this.#database.keys(patientDeposits(handle))) {
      const id = key.split('/')[2] as Bytes32;
      const source = await this.#feed.source(id);
      if (source === undefined || handleOfDeposit(source.copy) !== handle) {
        const [isKnown] = await this.#feed.knows([id]);
        // A row that leads nowhere does not count; one whose source cannot be read is for a repair.
        if (source !== undefined || isKnown !== true) changes.push({ type: 'del', key });
        continue;
      }
      const isDead = !(await this.#feed.isLast(source)) && (await this.isDead(source, view));
      (isDead ? dead : live).push(source);
    }
    this.#patience.set(handle, Math.floor(live.length / 4));
    keepNewest(this.#patience, MOST_REMEMBERED);
    // A commitment that was signed twice has its sheets once.
    const roots = new Set(live.map(({ sheets }) => sheets?.root));
    for (const source of dead) {
      const { id, packets, revision, sheets, grant } = source;
      const keys = packets.map((packet) => packetKey({ ...packet, revision, source: id }));
      if (sheets !== undefined && !roots.has(sheets.root)) {
        keys.push(...sheets.epochs.map((epoch) => sheetKey({ ...sheets, epoch })));
      }
      const ending = endingIn(source.copy)?.message.grant;
      // The row of one that waits longer stays.
      if (ending !== undefined && view.grant(ending)?.state === 'ended')
        keys.push(endingKey(ending));
      // The ledger bounds the grants that it has; no others stay.
      if (grant !== undefined && view.grant(grant) === undefined) {
        keys.push(endKey({ handle, grant }), overKey({ handle, grant }));
      }
      changes.push(...keys.map((each) => ({ type: 'del', key: each }) as const));
      changes.push(...this.#feed.forgetting(source));
    }
    return changes;
  }

  /**
   * Tells whether nobody can ask for a source's deposits, now or later.
   * @param source - It, whether it is kept or about to be.
   * @param view - The node's own view of the ledger.
   */
  async isDead(source: SourceRow | Omit<SourceRow, 'place'>, view: ChartView): Promise<boolean> {
    const { copy } = source;
    if ('card' in copy) return false;
    if ('care' in copy) return isUntaken(source, view);
    if ('patient' in copy) {
      const { handle } = copy.patient.request.message;
      if (await this.#isState(source, handle)) return false;
      return await this.#hasDeadPackets(source, handle, view);
    }
    const { type, message } = copy.submission.request as Signed<RuleType>;
    const { handle } = message;
    const isOver = 'deadline' in message && message.deadline + AFTERMATH < view.moment;
    if (type === 'CommitEpochs') return isReplaced(message as CommitEpochs, view, isOver);
    // It holds until the ledger has it, however long that takes.
    if (type === 'End') {
      const end = message as End;
      return view.grant(end.grant)?.state === 'ended' || (await this.#isOutwaited(source.id, end));
    }
    if (type === 'Revoke') return isOver && (await this.#hasDeadPackets(source, handle, view));
    const { grant } = source;
    if (grant === undefined || !isOver || view.grant(grant)?.state === 'active') return false;
    if (view.grant(grant) === undefined) return true;
    const hasEnd = (await this.#database.get(endKey({ handle, grant }))) !== undefined;
    return !hasEnd && (await this.#hasDeadPackets(source, handle, view));
  }

  /** Tells whether another end of the same right is kept, which the ledger takes longer. */
  async #isOutwaited(id: Bytes32, { grant, deadline }: End): Promise<boolean> {
    const named = exactRow(await this.#database.get(endingKey(grant)));
    if (typeof named !== 'string' || named === id) return false;
    const other = await this.#feed.source(named as Bytes32);
    const end = other && endingIn(other.copy)?.message;
    return end?.grant === grant && end.deadline >= deadline;
  }

  /** Tells whether it brought the state that is kept. A row that is lost or was damaged is for a repair. */
  async #isState({ id, state }: Omit<SourceRow, 'place'>, handle: Handle): Promise<boolean> {
    if (state === undefined) return false;
    const row = await this.#database.get(stateKey(handle));
    const kept = exactRow(row);
    return !isOfShape(STATE_ROW, kept) || kept.source === id;
  }

  async #hasDeadPackets(
    { id, packets, revision }: Omit<SourceRow, 'place'>,
    handle: Handle,
    view: ChartView,
  ): Promise<boolean> {
    const present = view.patient(handle)?.epoch ?? 0;
    for (const { grant, epoch } of packets) {
      const key = packetKey({ grant, epoch, revision, source: id });
      // Whatever is asked for, up to some epoch, is answered with the last: the epochs that may be asked for begin here.
      const last = Math.max(epoch, present);
      const range = { ...packetsOf(grant, last), gt: key, limit: 1 };
      const [newer] = await this.#database.keys(range).all();
      if (newer !== undefined) continue;
      const isEnded = view.grant(grant)?.state === 'ended' && epoch < present;
      if (!isEnded || (await this.#database.get(endKey({ handle, grant }))) !== undefined) {
        return false;
      }
    }
    return true;
  }
}

/** Tells whether the ledger neither has a commitment nor can take it any more. */
function isReplaced(
  { handle, first, count, root }: CommitEpochs,
  view: ChartView,
  isOver: boolean,
): boolean {
  const patient = view.patient(handle);
  if (patient === undefined) return false;
  const { epoch, next } = patient;
  if ((epoch > 0 && patient.root === root) || next?.root === root) return false;
  return isOver || first <= epoch || (next?.first === first && count <= next.count);
}
