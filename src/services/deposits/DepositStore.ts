// Over 400 lines: the deposits, the order in which peers read them, and the deletions are rows of one batch.

import { malformed } from '../../errors/malformed.ts';
import { exactRow } from '../../database/exactRow.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { parseRow } from '../../database/parseRow.ts';
import { scrubRanges } from '../../database/scrubRanges.ts';
import { SYNCED, type RowChange, type ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { DepositedPacket, PartyCard } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { ProvenSheet } from '../../protocol/rights/epochs.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import { ZERO32, type Address, type Bytes32, type Handle } from '../../protocol/ids.ts';
import { PROVEN_SHEET } from '../../protocol/shapes/askedShapes.ts';
import { endsRight } from '../../protocol/struct/ledgerRequests.ts';
import type { Grant, Signed } from '../../protocol/struct/requests.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { DepositCopy } from '../ports.ts';
import { charge } from './charge.ts';
import { endingIn } from './endingIn.ts';
import { granteeIn, type KnownGrantee } from './granteeIn.ts';
import { GranteesOf } from './GranteesOf.ts';
import { handleOfDeposit } from './handleOfDeposit.ts';
import { CareQuota } from './CareQuota.ts';
import { DepositQuota, type ChartView } from './DepositQuota.ts';
import { DepositCopies } from './DepositCopies.ts';
import {
  DepositFeed,
  type DepositFeedOptions,
  type DepositSource,
  type SourceRow,
} from './DepositFeed.ts';
import {
  cardKey,
  careKey,
  endKey,
  ENDINGS,
  endingKey,
  EXACT_ENDS,
  exactEndKey,
  mandateIn,
  endsOf,
  endsOver,
  givenKey,
  packetsOf,
  patientDepositKey,
  readDepositKey,
  stateKey,
  stateRange,
  LISTED,
  LISTED_WITH_ENDS,
  overKey,
  packetKey,
  sheetKey,
  type SheetWanted,
} from './depositKeys.ts';
import { cardIn, GRANT_END, type CardRow, type GrantEnd } from './depositRows.ts';
import type { MandateEnd } from './learnMandates.ts';
import { RightsGiven, type RightsWanted } from './RightsGiven.ts';
import {
  isAsDeposited,
  stateIn,
  type DepositedState,
  type SignedState,
  type StateRow,
} from './stateIn.ts';

/** Number of revisions of each key of a patient, of which there are 17 at most; `sortable` takes all of them. */
const PER_KEY = 10_000_000_000;

/** Number of patients whose ends of rights are held in memory. */
const MOST_READ = 10_000;

/** Checked deposit, which is kept in one write. */
export interface CheckedDeposit {
  /** The patient's packets, and the revision of the patient's state that they were sealed by: later ones replace. */
  readonly packets?: {
    readonly handle: Handle;
    readonly packets: readonly DepositedPacket[];
    readonly revision: number;
    /** Place of the key that signed for them among the patient's keys, oldest first. */
    readonly key?: number;
  };
  /** End of a right to read. */
  readonly end?: GrantEnd;
  /** The sheets of a commitment, by the root that the ledger has once it takes effect. */
  readonly commitment?: {
    readonly handle: Handle;
    readonly root: Bytes32;
    readonly sheets: readonly ProvenSheet[];
  };
  readonly state?: DepositedState & { readonly handle: Handle };
  /** Of a state: tells whether its signer counts for more than that of another one, whatever the revisions. */
  readonly outranks?: (other: Signed<'Keep'>) => boolean;
  readonly card?: PartyCard;
  /** Digest of the grant that is asked for with it. */
  readonly grant?: Bytes32;
  /** Exact ends of mandates, which openings beside it show. */
  readonly exactEnds?: readonly MandateEnd[];
  /** Source that binds it, for peers that were away; absent if a node found it out by itself. */
  readonly source?: DepositSource;
}

/** Number by which the revision of a state may be ahead of the one that is known. */
const MOST_AHEAD = 2 ** 20;

/** Options of `DepositStore`. */
export interface DepositStoreOptions extends DepositFeedOptions {
  /** Called once the end of a right that its patient signed is kept: the ledger may not have it for long. */
  readonly onEnding?: (grant: Bytes32) => void;
  /** Called with each exact end of a mandate that is kept from before. */
  readonly onExactEnd?: (end: MandateEnd) => void;
}

/**
 * A node's durable store of what it keeps for the parties beside sealed files: key packets, epoch sheets,
 * states of patients' devices, cards. All of it is sealed or public, but for the ends of rights; openings of grants,
 * which prove those to peers, are encrypted.
 */
export class DepositStore {
  /** Copies of the deposits for peers. */
  readonly copies: DepositCopies;
  readonly #database: ServiceDatabase;
  readonly #primitives: DepositFeedOptions['primitives'];
  readonly #feed: DepositFeed;
  readonly #quota: DepositQuota;
  readonly #care: CareQuota;
  readonly #grantees: GranteesOf;
  readonly #given: RightsGiven;
  readonly #lock = new KeyedLock();
  readonly #touched = new Set<Handle>();
  #indexing: Promise<void> | undefined;
  /** Sources of ends that patients signed and the ledger may not have, by grant. */
  readonly #endings = new Map<Bytes32, Bytes32>();
  readonly #onEnding: (grant: Bytes32) => void;
  readonly #onExactEnd: (end: MandateEnd) => void;
  /** Ends of rights that were read, by patient: they are asked for with every entry. */
  readonly #ends = new Map<Handle, readonly GrantEnd[]>();

  /** @param options - The organisation's own database. */
  constructor(options: DepositStoreOptions) {
    this.#onEnding = options.onEnding ?? ((): void => undefined);
    this.#onExactEnd = options.onExactEnd ?? ((): void => undefined);
    this.#database = options.database;
    this.#primitives = options.primitives;
    this.#feed = new DepositFeed(options);
    this.#quota = new DepositQuota(options.database, this.#feed);
    this.#care = new CareQuota(options.database, this.#feed);
    this.#grantees = new GranteesOf(options.database, this.#feed);
    this.#given = new RightsGiven(options.database, this.#feed);
    this.copies = new DepositCopies(options, this.#feed);
  }

  /**
   * Keeps all of it in one synced write; safe to repeat. Then it deletes what nobody can ask for any more.
   * @param checked - The checked deposit.
   * @param view - The node's own view of the ledger; absent if a node found something out by itself.
   * @throws MedsealError `STATE_STALE` if a newer state is kept, or another of this number, or a grant's packet was
   * sealed by an older one; `QUOTA_SPENT`.
   */
  async keep(checked: CheckedDeposit, view?: ChartView): Promise<void> {
    await this.#lock.run(ownerOf(checked), async () => {
      if (checked.state !== undefined) {
        const known = await this.#stateRow(checked.state.handle);
        if (known !== undefined && !(await this.#isNewer(checked, known))) {
          throw new MedsealError('STATE_STALE', {});
        }
        // Whoever acts for the patient could take the last number that there is.
        if (checked.state.revision > (known?.revision ?? 0) + MOST_AHEAD)
          throw malformed('revision');
      }
      await this.#requireNewest(checked);
      // Anyone may bring a card, so one that is kept already costs no write.
      if (checked.card !== undefined && (await this.#isStored(checked.card, checked.source)))
        return;
      await this.#roomFor(checked, view, false);
      await this.#writeCounted(checked, view, false);
      await this.#tidy(patientOf(checked), view);
    });
  }

  /**
   * Keeps a deposit that a peer kept before: a state only if it is newer, and nothing that was or would be deleted
   * here.
   * @param checked - The checked deposit.
   * @param view - The node's own view of the ledger.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  async keepCopy(checked: CheckedDeposit, view?: ChartView): Promise<void> {
    await this.#lock.run(ownerOf(checked), async () => {
      const { state, ...others } = checked;
      const known = state && (await this.#vouchedState(state.handle));
      const newer =
        state === undefined || known === undefined || (await this.#isNewer(checked, known));
      if (!newer && checked.packets?.packets.length === 0) return;
      const wanted = newer ? checked : others;
      if (await this.#isDead(wanted, view)) return;
      await this.#roomFor(wanted, view, true);
      await this.#writeCounted(wanted, view, true);
      await this.#tidy(patientOf(wanted), view);
    });
  }

  /**
   * Deletes deposits of a patient that nobody can ask for any more. Safe to repeat and to interrupt.
   * @param handle - The patient.
   * @param view - The node's own view of the ledger.
   */
  async collect(handle: Handle, view: ChartView): Promise<void> {
    await this.#lock.run(handle, async () => await this.#collect(handle, view));
  }

  /**
   * Deletes what nobody can ask for any more of what is kept for a patient, and takes from the store's files what they still have of former
   * states of the patient's devices and of deleted packets.
   * @param handle - The patient.
   * @param view - The node's own view of the ledger.
   */
  async scrub(handle: Handle, view: ChartView): Promise<void> {
    await this.collect(handle, view);
    const rights = [...(await this.#database.keys(endsOf(handle)).all())];
    rights.push(...(await this.#database.keys(endsOver(handle)).all()));
    const grants = new Set(rights.map((key) => readDepositKey(key).second as Bytes32));
    const ranges = [stateRange(handle), ...[...grants].map((grant) => packetsOf(grant))];
    await scrubRanges(
      this.#database,
      ranges.map(({ gt, lt }) => ({ first: utf8ToBytes(gt), last: utf8ToBytes(lt) })),
    );
  }

  /** Tells of all ends of rights that are kept from before: nothing is judged until it has. */
  async readEndings(): Promise<void> {
    for await (const [key, value] of this.#database.iterator(ENDINGS)) {
      const grant = key.slice(ENDINGS.gt.length) as Bytes32;
      const row = exactRow(value);
      const id = typeof row === 'string' ? (row as Bytes32) : ZERO32;
      const source = await this.#feed.source(id);
      // A row that was damaged keeps no node from starting and lets no right go on; the end of another right ends none here.
      if (source === undefined || endingIn(source.copy)?.message.grant === grant)
        this.#noteEnding(grant, id);
    }
  }

  /** Tells of all exact ends of mandates that are kept from before: nothing is judged until it has. */
  async readExactEnds(): Promise<void> {
    for await (const [key, value] of this.#database.iterator(EXACT_ENDS)) {
      const until = exactRow(value);
      // Of a mandate whose row was damaged nothing counts, until an opening shows its end again.
      if (!Number.isSafeInteger(until)) continue;
      this.#onExactEnd({ mandate: mandateIn(key), until: until as number });
    }
  }

  /**
   * Returns the ends of rights that patients signed and the ledger does not have.
   * @param view - The node's own view of the ledger.
   */
  async endings(view: Pick<ChartView, 'grant'>): Promise<readonly Signed<'End'>[]> {
    const waiting: Signed<'End'>[] = [];
    for (const [grant, id] of this.#endings) {
      const source = view.grant(grant)?.state === 'ended' ? undefined : await this.#feed.source(id);
      const request = source && endingIn(source.copy);
      if (request === undefined) this.#endings.delete(grant);
      else waiting.push(request);
    }
    return waiting;
  }

  #noteEnding(grant: Bytes32, source: Bytes32): void {
    this.#endings.set(grant, source);
    this.#onEnding(grant);
  }

  /** The source that is kept under a name, without what other rows hold; undefined if nothing is kept under it. */
  async source(id: Bytes32): Promise<DepositCopy | undefined> {
    return (await this.#feed.source(id))?.copy;
  }

  /** Patients with new deposits since the last call; after a restart, only since then. */
  takeTouched(): readonly Handle[] {
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }

  /** Patients with deposits. */
  async *patients(): AsyncIterable<Handle> {
    await this.#indexed();
    yield* this.#quota.patients();
  }

  /** A grant's packet of an older state may hold keys that were erased since, and nothing would take its place. */
  async #requireNewest({ grant, packets }: CheckedDeposit): Promise<void> {
    if (grant === undefined || packets === undefined || packets.packets.length === 0) return;
    const known = await this.#stateRow(packets.handle);
    if (known !== undefined && packets.revision < known.revision) {
      throw new MedsealError('STATE_STALE', {});
    }
  }

  /** Lists the deposits of each patient, and the grants of each grantee, if an older version kept them without lists. */
  async #indexed(): Promise<void> {
    this.#indexing ??= this.#index();
    try {
      await this.#indexing;
    } catch (error) {
      this.#indexing = undefined;
      throw error;
    }
  }

  async #index(): Promise<void> {
    if ((await this.#database.get(LISTED)) === LISTED_WITH_ENDS) return;
    const changes: RowChange<string>[] = [{ type: 'put', key: LISTED, value: LISTED_WITH_ENDS }];
    for await (const { id, copy, given } of this.copies.examine()) {
      const handle = copy && handleOfDeposit(copy);
      if (copy && handle) changes.push(putOf([patientDepositKey({ handle, id }), charge(copy)]));
      if (given !== undefined) changes.push(putOf([given.key, given.until]));
    }
    await this.#database.batch(changes, SYNCED);
  }

  /** Throws if there is too little room. */
  async #roomFor(
    checked: CheckedDeposit,
    view: ChartView | undefined,
    isCopy: boolean,
  ): Promise<void> {
    const { source, state } = checked;
    const handle = patientOf(checked);
    if (handle === undefined) return;
    if (view === undefined || source === undefined) {
      this.#quota.forget(handle);
      return;
    }
    if (await this.#feed.isListed(source.id)) return;
    const replaced = state && (await this.#database.get(stateKey(handle)));
    const size = charge(wholeOf(source.copy, checked)) + (state?.sealed.length ?? 0);
    const { copy } = source;
    const isMore = 'submission' in copy && !endsRight(copy.submission.request.type);
    const arriving = { handle, size, replaced: replaced?.length ?? 0, isMore, isCopy };
    await this.#indexed();
    try {
      await this.#quota.require(arriving);
    } catch {
      await this.#collect(handle, view);
      await this.#quota.require(arriving);
    }
  }

  /** Tells whether a peer's deposit is of no use; a state always is of use. */
  async #isDead(checked: CheckedDeposit, view: ChartView | undefined): Promise<boolean> {
    if (view === undefined || checked.state !== undefined) return false;
    const source = sourceRow(checked);
    return source !== undefined && (await this.#quota.isDead(source, view));
  }

  async #tidy(handle: Handle | undefined, view: ChartView | undefined): Promise<void> {
    if (view === undefined || handle === undefined || !this.#quota.isWorthIt(handle)) return;
    await this.#collect(handle, view);
  }

  async #collect(handle: Handle, view: ChartView): Promise<void> {
    await this.#indexed();
    const changes = await this.#quota.dead(handle, view);
    if (changes.length === 0) return;
    await this.#database.batch([...changes], SYNCED);
    this.#ends.delete(handle);
    this.#grantees.remove(handle, changes);
  }

  /** Writes it; a request of care only if its party has room. */
  async #writeCounted(
    checked: CheckedDeposit,
    view: ChartView | undefined,
    isCopy: boolean,
  ): Promise<void> {
    const write = async (): Promise<void> => await this.#write(checked);
    const { source } = checked;
    if (view === undefined || source === undefined || !('care' in source.copy)) await write();
    else await this.#care.keep(source, { view, isCopy, write });
  }

  async #write(checked: CheckedDeposit): Promise<void> {
    const ending = await this.#latestEnding(checked);
    const puts = [
      ...rowsOf(checked).map(putOf),
      ...(ending ? [putOf([endingKey(ending.grant), ending.source])] : []),
      ...(checked.exactEnds ?? []).map(({ mandate, until }) =>
        putOf([exactEndKey(mandate), until]),
      ),
      ...(await this.#endChanges(checked)),
    ];
    const superseded = await this.#superseded(checked);
    await this.#feed.append(await this.#newSource(checked), async (changes) => {
      await this.#database.batch([...superseded, ...puts, ...changes], SYNCED);
    });
    const patient = patientOf(checked);
    const { source, grant } = checked;
    if (ending) this.#noteEnding(ending.grant, ending.source);
    if (patient !== undefined) {
      this.#touched.add(patient);
      keepNewest(this.#touched, MOST_READ);
      if (source && grant) this.#grantees.add(patient, { ...source, grant });
    }
    if (checked.end !== undefined || checked.packets !== undefined)
      this.#ends.delete(ownerOf(checked));
  }

  /**
   * Of the ends of a right that were signed, the one that the ledger takes longest: whoever brings an older one again holds
   * none up.
   */
  async #latestEnding({
    source,
  }: CheckedDeposit): Promise<{ readonly grant: Bytes32; readonly source: Bytes32 } | undefined> {
    const ending = source && endingIn(source.copy);
    if (!source || !ending) return undefined;
    const { grant, deadline } = ending.message;
    const known = this.#endings.get(grant);
    const row = known && (await this.#feed.source(known));
    const other = row && endingIn(row.copy)?.message;
    const isLatest = other?.grant !== grant || other.deadline <= deadline;
    return { grant, source: isLatest ? source.id : (known ?? source.id) };
  }

  /** Returns the source that binds it, unless it is known. */
  async #newSource(checked: CheckedDeposit): Promise<Omit<SourceRow, 'place'> | undefined> {
    const { source } = checked;
    return source && (await this.#feed.isListed(source.id)) ? undefined : sourceRow(checked);
  }

  /** A state or card that another takes the place of leaves nothing, unless packets stand by the same signature. */
  async #superseded({
    state,
    card,
    source,
  }: CheckedDeposit): Promise<readonly RowChange<string>[]> {
    const before = [
      state && (await this.#stateRow(state.handle)),
      card && (await this.#cardRow(card.party)),
    ];
    const changes: RowChange<string>[] = [];
    for (const { source: id } of before.filter((row) => row !== undefined)) {
      const known = id === undefined || id === source?.id ? undefined : await this.#feed.source(id);
      if (known?.packets.length === 0) changes.push(...this.#feed.forgetting(known));
    }
    return changes;
  }

  /** Ends of rights as a new deposit changes them: packets may reach further, but never less far. */
  async #endChanges({ packets, end }: CheckedDeposit): Promise<RowChange<string>[]> {
    const ends = new Map<Bytes32, GrantEnd>();
    if (end !== undefined) ends.set(end.grant, end);
    for (const { grant, epoch } of packets?.packets ?? []) {
      const known = ends.get(grant) ?? (await this.#end(packets?.handle ?? ZERO32, grant));
      if (known === undefined) continue;
      ends.set(grant, { ...known, sealedTo: Math.max(known.sealedTo, epoch) });
    }
    const changes: RowChange<string>[] = [];
    for (const each of ends.values()) {
      const known = await this.#end(each.handle, each.grant);
      const newest = await this.#newestPacket(each.grant);
      const sealedTo = Math.max(each.sealedTo, known?.sealedTo ?? 0, newest);
      if (sealedTo === known?.sealedTo) continue;
      changes.push(putOf([endKey(each), { ...each, sealedTo }]));
      changes.push({ type: 'del', key: overKey(each) });
    }
    return changes;
  }

  /** The newest epoch that a packet of a grant opens; 0 without a packet. */
  async #newestPacket(grant: Bytes32): Promise<number> {
    const range = { ...packetsOf(grant), reverse: true, limit: 1 };
    const [key] = await this.#database.keys(range).all();
    return key === undefined ? 0 : epochIn(key);
  }

  async #stateRow(handle: Handle): Promise<StateRow | undefined> {
    return stateIn(this.#primitives, await this.#database.get(stateKey(handle)));
  }

  /**
   * Tells whether a state may take the place of the one that is known, or is the same: of a mandate that is over, each of the
   * patient's own does.
   */
  async #isNewer({ state, outranks }: CheckedDeposit, known: StateRow): Promise<boolean> {
    if (state === undefined) return false;
    const source = known.source && (await this.#feed.source(known.source));
    const other = source && 'patient' in source.copy ? source.copy.patient.request : undefined;
    if (other !== undefined && outranks?.(other)) return true;
    return isNewer(state, known);
  }

  /** The state as its source has it: a row that was altered holds up no repair. */
  async #vouchedState(handle: Handle): Promise<StateRow | undefined> {
    const row = await this.#stateRow(handle);
    return row !== undefined && (await isAsDeposited(this.#feed, row)) ? row : undefined;
  }

  async #cardRow(party: Address): Promise<CardRow | undefined> {
    // One that was altered takes no place: the deposit that brings it again repairs it.
    return cardIn(await this.#database.get(cardKey(party)));
  }

  async #isStored(
    { party, recipient, keyChanges = [] }: PartyCard,
    source: CheckedDeposit['source'],
  ): Promise<boolean> {
    const known = await this.#cardRow(party);
    return (
      known?.recipient === recipient &&
      known.source === source?.id &&
      canonicalJson(known.keyChanges ?? []) === canonicalJson(keyChanges)
    );
  }

  async #end(handle: Handle, grant: Bytes32): Promise<GrantEnd | undefined> {
    const keys = [endKey({ handle, grant }), overKey({ handle, grant })];
    const rows = (await this.#database.getMany(keys)).map((text) => exactRow(text));
    return rows.find((row) => isOfShape(GRANT_END, row));
  }

  /** Parties to which a patient gave rights, by the kept openings of grants; ended ones too. */
  async grantees(handle: Handle): Promise<readonly KnownGrantee[]> {
    await this.#indexed();
    return await this.#lock.run(handle, async () => await this.#grantees.list(handle));
  }

  /**
   * Openings of the standing rights of a party, one page, in ascending order of their digests.
   * @param wanted - Grantee, and the last digest of the page before.
   * @param view - The node's own view of the ledger.
   */
  async rights(
    wanted: RightsWanted,
    view: Pick<ChartView, 'grant' | 'moment'>,
  ): Promise<readonly Grant[]> {
    await this.#indexed();
    return await this.#given.page(wanted, view);
  }

  /** Deletes rows that list grants by grantee, or ends that were signed, and lead to none: only damage leaves such rows. */
  async repairLists(): Promise<void> {
    await this.#indexed();
    const changes = [...(await this.#given.stray()), ...(await this.#strayEndings())];
    if (changes.length > 0) await this.#database.batch(changes, SYNCED);
  }

  async #strayEndings(): Promise<readonly RowChange<string>[]> {
    const changes: RowChange<string>[] = [];
    for await (const [key, value] of this.#database.iterator(ENDINGS)) {
      const id = exactRow(value);
      const source = typeof id === 'string' ? await this.#feed.source(id as Bytes32) : undefined;
      const [isKnown] = typeof id === 'string' ? await this.#feed.knows([id as Bytes32]) : [];
      // A source that is there and cannot be read is for a repair.
      if (source === undefined && isKnown === true) continue;
      const request = source && endingIn(source.copy);
      if (request === undefined || endingKey(request.message.grant) !== key)
        changes.push({ type: 'del', key });
    }
    return changes;
  }

  /** When rights on a patient's chart end, but for those that were settled. */
  async ends(handle: Handle): Promise<readonly GrantEnd[]> {
    const known = this.#ends.get(handle);
    if (known !== undefined) return known;
    return await this.#lock.run(handle, async () => {
      const rows = await this.#database.values(endsOf(handle)).all();
      const ends = rows.map((text) => parseRow(GRANT_END, text));
      this.#ends.set(handle, ends);
      keepNewest(this.#ends, MOST_READ);
      return ends;
    });
  }

  /**
   * Puts aside rights that ended, and whose keys open nothing more. A packet that reaches further brings one back:
   * it may have been on its way for long, and every node has to come to the same end.
   */
  async settleEnds(ends: readonly GrantEnd[]): Promise<void> {
    for (const end of ends) {
      await this.#lock.run(end.handle, async () => {
        const known = await this.#database.get(endKey(end));
        // A deposit that came meanwhile may reach further than those that were examined.
        if (known === undefined || parseRow(GRANT_END, known).sealedTo > end.sealedTo) return;
        await this.#database.batch([
          { type: 'del', key: endKey(end) },
          { type: 'put', key: overKey(end), value: known },
        ]);
        this.#ends.delete(end.handle);
      });
    }
  }

  /** The packet of a grant for the newest epoch up to `epoch`, with the source that brought it; or undefined. */
  async packet(
    grant: Bytes32,
    epoch: number,
  ): Promise<(DepositedPacket & { readonly source: Bytes32 }) | undefined> {
    const range = packetsOf(grant, epoch);
    for await (const [key, value] of this.#database.iterator({
      ...range,
      reverse: true,
      limit: 1,
    })) {
      const packet = parseRow('text', value);
      return { grant, epoch: epochIn(key), packet, source: sourceIn(key) };
    }
    return undefined;
  }

  /**
   * A patient's sheet for an epoch, of the commitment with this root.
   * @throws MedsealError `NOT_FOUND`.
   */
  async sheet(wanted: SheetWanted): Promise<ProvenSheet> {
    const text = await this.#database.get(sheetKey(wanted));
    if (text === undefined) throw new MedsealError('NOT_FOUND', { what: 'sheet' });
    return parseRow(PROVEN_SHEET, text);
  }

  /** The newest state of a patient's devices, or undefined. */
  async state(handle: Handle): Promise<DepositedState | undefined> {
    const row = await this.#stateRow(handle);
    return row && { revision: row.revision, hash: row.hash, sealed: row.sealed };
  }

  /**
   * The same with the patient's signed request for it.
   * @throws MedsealError `NOT_FOUND` if that is lost: it is not known then whether there is a state.
   */
  async signedState(handle: Handle): Promise<SignedState | undefined> {
    return await this.#lock.run(handle, async () => {
      const row = await this.#stateRow(handle);
      if (row === undefined) return undefined;
      const source = row.source && (await this.#feed.source(row.source));
      if (!source || !('patient' in source.copy)) {
        throw new MedsealError('NOT_FOUND', { what: 'word for a state' });
      }
      return { request: source.copy.patient.request, sealed: row.sealed };
    });
  }

  /**
   * A party's card.
   * @throws MedsealError `NOT_FOUND`.
   */
  async card(party: Address): Promise<PartyCard> {
    const card = await this.#cardRow(party);
    if (card === undefined) throw new MedsealError('NOT_FOUND', { what: 'party' });
    const { recipient, keyChanges } = card;
    return { party, recipient, ...(keyChanges && { keyChanges }) };
  }
}

/** Returns the source that binds it, with the places of its other data. */
function sourceRow({
  source,
  packets,
  commitment,
  state,
  grant,
}: CheckedDeposit): Omit<SourceRow, 'place'> | undefined {
  if (source === undefined) return undefined;
  const { handle, root, sheets = [] } = commitment ?? {};
  return {
    ...source,
    packets: (packets?.packets ?? []).map(({ grant: of, epoch }) => ({ grant: of, epoch })),
    revision: orderOf(packets),
    ...(handle &&
      root && { sheets: { handle, root, epochs: sheets.map(({ sheet }) => sheet.epoch) } }),
    ...(state && { state: { handle: state.handle } }),
    ...(grant && { grant }),
  };
}

/** Owner of a deposit; the deposits of one owner are written one after another. */
function ownerOf({ state, packets, end, commitment, card, source }: CheckedDeposit): Handle {
  return (state ?? packets ?? end ?? commitment)?.handle ?? card?.party ?? source?.id ?? ZERO32;
}

/** Tells whether a state of equal rank may take the place of another, or is the same. */
function isNewer({ revision, hash }: DepositedState, known: DepositedState): boolean {
  return revision > known.revision || (revision === known.revision && hash === known.hash);
}

/**
 * The number by which packets replace others: those that a later key signed for replace all of a former key, whose thief
 * could sign any revision.
 */
function orderOf({
  revision,
  key = 0,
}: Partial<NonNullable<CheckedDeposit['packets']>> = {}): number {
  return key * PER_KEY + Math.min(revision ?? 0, PER_KEY - 1);
}

/** Key of a row, and its value. */
type Row = readonly [string, unknown];

function putOf([key, value]: Row): RowChange<string> {
  return { type: 'put', key, value: JSON.stringify(value) };
}

function rowsOf(checked: CheckedDeposit): Row[] {
  const { packets, commitment, state, card, source, grant: of } = checked;
  const rows: Row[] = [];
  const handle = patientOf(checked);
  if (source && handle) {
    rows.push([
      patientDepositKey({ handle, id: source.id }),
      charge(wholeOf(source.copy, checked)),
    ]);
  }
  if (source && 'care' in source.copy) {
    const { party } = source.copy.care.request;
    rows.push([careKey({ party, id: source.id }), charge(source.copy)]);
  }
  const given = source && granteeIn({ ...source, ...(of && { grant: of }) });
  if (given) rows.push([givenKey({ ...given, source: source.id }), given.until]);
  const revision = orderOf(packets);
  for (const { grant, epoch, packet } of packets?.packets ?? []) {
    rows.push([packetKey({ grant, epoch, revision, source: source?.id }), packet]);
  }
  if (commitment) {
    const { root, sheets } = commitment;
    for (const { sheet, proof } of sheets) {
      rows.push([
        sheetKey({ handle: commitment.handle, epoch: sheet.epoch, root }),
        { sheet, proof },
      ]);
    }
  }
  if (state) {
    const { handle: owner, ...each } = state;
    const row: StateRow = { ...each, ...(source && { source: source.id }) };
    rows.push([stateKey(owner), row]);
  }
  if (card) {
    const row: CardRow = { ...card, ...(source && { source: source.id }) };
    rows.push([cardKey(card.party), row]);
  }
  return rows;
}

/** In whose quota it counts. */
function patientOf({ source }: CheckedDeposit): Handle | undefined {
  return source && handleOfDeposit(source.copy);
}

/** Returns a deposit as a peer gets it, without its state. */
function wholeOf(copy: DepositCopy, { packets, commitment }: CheckedDeposit): DepositCopy {
  if ('card' in copy || 'care' in copy) return copy;
  const each = packets?.packets.map(({ grant, epoch, packet }) => ({ grant, epoch, packet })) ?? [];
  if ('patient' in copy) return { patient: { ...copy.patient, packets: each } };
  const along = commitment === undefined ? { packets: each } : { sheets: commitment.sheets };
  return { submission: { ...copy.submission, ...along } };
}

/** Of a packet's key. */
function epochIn(key: string): number {
  return Number(readDepositKey(key).second);
}

/** Of a packet's key. */
function sourceIn(key: string): Bytes32 {
  return readDepositKey(key).source as Bytes32;
}
