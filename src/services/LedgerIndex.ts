// Over 400 lines: one class holds what the ledger's events make together, in the order of its blocks.
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { readBlockHash } from '../bindings/readBlockHash.ts';
import { readBlockTime } from '../bindings/readBlockTime.ts';
import { readGrantSigners } from '../bindings/readGrantSigners.ts';
import { readHead, type LedgerHead } from '../bindings/readHead.ts';
import { takesEnds } from '../bindings/takesEnds.ts';
import { readLogRanges, readLogs } from '../bindings/readLogs.ts';
import type { OfficeName } from '../bindings/RuleEvent.ts';
import { readEvents, type RuleEvent } from '../bindings/readEvents.ts';
import { RowStore } from '../database/rows/RowStore.ts';
import type { Rows } from '../database/rows/Rows.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds, type Clock } from '../protocol/Clock.ts';
import type { Ranked } from '../protocol/care/claims.ts';
import type { LedgerPlace } from '../protocol/evidence/evidence.ts';
import type {
  GrantFacts,
  PartyFacts,
  PatientFacts,
  SignerFacts,
} from '../protocol/evidence/facts.ts';
import type { BlockFacts } from '../protocol/network/BlockFacts.ts';
import {
  ZERO32,
  ZERO_ADDRESS,
  type Address,
  type Bytes32,
  type Handle,
  type Organisation,
} from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { actingUntil, mandatesOn } from '../protocol/rights/judgeMandate.ts';
import { lastEpoch } from '../protocol/rights/lastEpoch.ts';
import { longestRightOf } from '../protocol/network/longestRightOf.ts';
import { organisationName } from '../protocol/network/networkLookups.ts';
import { requireNotAhead } from '../protocol/evidence/requireNotAhead.ts';
import type { RulesView } from '../protocol/rights/RulesView.ts';
import type { LifeFacts } from '../protocol/care/vitalRecords.ts';
import { LEDGER_ROLES } from '../protocol/vocabulary.ts';
import { STORE_FORMATS } from '../protocol/wire/storeFormats.ts';
import { IndexDigests, type BlockDigest } from './IndexDigests.ts';
import { ClaimIndex } from './care/ClaimIndex.ts';
import { PrescriptionIndex } from './care/PrescriptionIndex.ts';
import { UnitIndex } from './care/UnitIndex.ts';
import { VitalIndex } from './care/VitalIndex.ts';
import { LedgerPlaces } from './LedgerPlaces.ts';
import { shareNext } from './shareNext.ts';

/** Longest wait for the newest block to be shown, and the time between two looks, milliseconds. */
const [PATIENCE, STEP] = [1000, 20];
/** Bytes that a row of an index takes in memory, at most; `ROWS_IN_MEMORY` are there. */
export const RULE_ROW_BYTES = 750;
/** Blocks without an event after which the rows note how far they have come. */
const NOTED_EVERY = 1000;
/** The one row of a kind that has one. */
const ALL = 'all';

/** Place of a grant on the ledger, and the patient's present epoch at that place. */
export interface Granted extends LedgerPlace {
  readonly epoch: number;
}

/** The epoch that began with the end of a grant, as its `Revoke` named it; 0 and `ZERO32` if none began with it. */
export interface Ended extends LedgerPlace {
  readonly epoch: number;
  readonly packets: Bytes32;
}

/** A checkpoint of a log as the ledger holds it. */
export interface PlacedRoot extends LedgerPlace {
  readonly size: number;
  readonly root: Bytes32;
}

interface GrantEntry {
  readonly handle: Handle;
  readonly granted: Granted;
  readonly ended?: Ended;
  /** Another key than the patient's that gave it. */
  readonly by?: GivenBy;
}

/** Key that gave a grant in a patient's place. */
interface GivenBy {
  /** `ZERO_ADDRESS` if nobody can tell. */
  readonly key: Address;
  /** Time of the block, Unix seconds. */
  readonly at: number;
}

/** The last block whose events the rows have, as their store notes it. */
export interface StandsAt {
  readonly block: number;
  readonly hash: Bytes32;
  /** The latest digests of the rows; absent, as the next one, in rows of versions that made none. */
  readonly digests?: readonly BlockDigest[];
  /** The last block with an event: digests of later blocks are of the same rows. */
  readonly changed?: number;
}

/** The last recovery of a party that was begun. */
export interface RecoveryOnLedger extends LedgerPlace {
  readonly change: number;
  readonly signer: Address;
  readonly recipient: Bytes32;
  /** First second at which it can be finished, Unix. */
  readonly readyAt: number;
}

/** Suspensions of a party and their ends, oldest first, with the blocks that took them. */
type Standings = readonly { readonly block: number; readonly suspended: boolean }[];

/** Keys of those who hold an office at the ledger, and the number of organisations of them that are a quorum. */
export interface SeatedOffice {
  readonly threshold: number;
  readonly seats: readonly Address[];
}

/**
 * The basis of an index's rows, for the store that they are in: rows of another network's ledger, or of another version of
 * what a row is, say nothing.
 *
 * @param network - The network.
 */
export function indexBasis({
  contracts,
  ledger,
}: Pick<NetworkFile, 'contracts' | 'ledger'>): string {
  return JSON.stringify([STORE_FORMATS.index.number, ledger.chainId, contracts]);
}

/**
 * A node's own index of the contracts' state. It follows the ledger's events and knows the block that it stands at. Its rows
 * are on the disk with the hash of that block: when it is opened again it reads later blocks alone, and all of them if the
 * ledger has another block there.
 */
export class LedgerIndex implements RulesView {
  readonly longestRight: number;
  /** Places of what requests did. */
  readonly places: LedgerPlaces;
  /** The prescriptions; empty in a network without their contract. */
  readonly prescriptions: PrescriptionIndex;
  /** Births, deaths and wills; nothing of them in a network without their contract. */
  readonly vital: VitalIndex;
  /** The claims; empty in a network without their contract. */
  readonly claims: ClaimIndex;
  /** The units that claims are paid in; empty in a network without their contract. */
  readonly units: UnitIndex;
  readonly #provider: LedgerProvider;
  readonly #contracts: readonly Address[];
  readonly #consent: Address;
  readonly #clock: Clock;
  readonly #rows: RowStore;
  readonly #parties: Rows<PartyFacts>;
  /** The keys that signed for each party, oldest first. */
  readonly #signers: Rows<readonly Address[]>;
  readonly #keyChanges: Rows<readonly LedgerPlace[]>;
  /** Of each patient, the last epoch that a former key committed to. */
  readonly #formerEpochs: Rows<number>;
  readonly #recoveries: Rows<RecoveryOnLedger>;
  /** Parties of which a recovery is under way, with the second at which it can be finished. */
  readonly #recovering: Rows<readonly (readonly [party: Address, readyAt: number])[]>;
  /** Of each patient whose present key the authority recovered, the number of that change; 0 once the key was changed since. */
  readonly #takeovers: Rows<number>;
  /** The party of each later key. */
  readonly #owners: Rows<Address>;
  readonly #standings: Rows<Standings>;
  readonly #enrolments: Rows<LedgerPlace>;
  /** The accounts that each organisation's administrators send from. */
  readonly #administrators: Rows<readonly Address[]>;
  /** Every verifier that was enrolled. */
  readonly #verifiers: Rows<readonly Ranked[]>;
  readonly #officeChanges: Rows<number>;
  readonly #offices: Rows<SeatedOffice>;
  readonly #patients: Rows<PatientFacts>;
  readonly #grants: Rows<GrantEntry>;
  /** Of each patient, the grants that nobody ended. */
  readonly #active: Rows<readonly Bytes32[]>;
  /** The packets of the newest advance of each patient; a `Revoked` event follows the advance that it caused. */
  readonly #advances: Rows<Omit<Ended, 'block'>>;
  readonly #checkpoints: Rows<PlacedRoot>;
  /** Grants whose end a patient signed, and the ledger does not have yet. */
  readonly #endingAhead = new Set<Bytes32>();
  /** Exact ends of mandates, as openings show them. */
  readonly #exactEnds = new Map<Bytes32, number>();
  readonly #digests: IndexDigests;
  readonly #refresh = shareNext(async () => await this.#readNews());
  #takesEnds = false;
  #block = -1;
  #timestamp = 0;
  /** True once it is known whether the rows are of the ledger that is read. */
  #isOfLedger = false;
  /** The block that the rows on the disk stand at. */
  #notedAt = -1;
  /** The last block with an event. */
  #changed: number | undefined;
  /** The digests that are noted there. */
  #notedDigests: readonly BlockDigest[];

  /**
   * @param options - The ledger, the network, the clock for the moment of judging, and where the rows are: in memory, so
   * that all is read when it is opened, unless a store is given.
   */
  constructor(options: {
    provider: LedgerProvider;
    network: Pick<NetworkFile, 'contracts' | 'rights'>;
    clock: Clock;
    rows?: RowStore;
    /** Called if the rows on the disk cannot be read for a digest of them. */
    onFailure?: (error: unknown) => void;
  }) {
    const rows = options.rows ?? RowStore.inMemory();
    this.#rows = rows;
    this.#digests = new IndexDigests(rows, options.clock, options.onFailure);
    this.#notedDigests = this.#digests.latest;
    this.places = new LedgerPlaces(rows);
    this.prescriptions = new PrescriptionIndex(rows);
    this.vital = new VitalIndex(rows);
    this.claims = new ClaimIndex(rows);
    this.units = new UnitIndex(rows);
    this.#parties = rows.kind('party');
    this.#signers = rows.kind('signers');
    this.#keyChanges = rows.kind('key-changes');
    this.#formerEpochs = rows.kind('former-epoch');
    this.#recoveries = rows.kind('recovery');
    this.#recovering = rows.kind('recovering');
    this.#takeovers = rows.kind('takeover');
    this.#owners = rows.kind('owner');
    this.#standings = rows.kind('standings');
    this.#enrolments = rows.kind('enrolment');
    this.#administrators = rows.kind('administrators');
    this.#verifiers = rows.kind('verifiers');
    this.#officeChanges = rows.kind('office-change');
    this.#offices = rows.kind('office');
    this.#patients = rows.kind('patient');
    this.#grants = rows.kind('grant');
    this.#active = rows.kind('active');
    this.#advances = rows.kind('advance');
    this.#checkpoints = rows.kind('checkpoint');
    this.#provider = options.provider;
    this.#contracts = Object.values(options.network.contracts);
    this.#consent = options.network.contracts.consent;
    this.longestRight = longestRightOf(options.network);
    this.#clock = options.clock;
  }

  get block(): number {
    return this.#block;
  }

  /** Origin and form of the rows: digests of rows of another basis say nothing. */
  get basis(): string {
    return this.#rows.basis;
  }

  /** Digests of the rows on the disk at the latest blocks at which nodes make them, oldest first. */
  get digests(): readonly BlockDigest[] {
    return this.#digests.latest;
  }

  /** Resolves once no digest is being made. */
  async digested(): Promise<void> {
    await this.#digests.settled();
  }

  /** Ends a pass over the rows, before their database is closed. */
  async close(): Promise<void> {
    await this.#digests.close();
  }

  /** Number of parties, charts, grants, prescriptions, lives, claims, accounts and places of requests. */
  get rows(): number {
    const kinds = [this.#parties, this.#patients, this.#grants];
    const care = [this.places, this.prescriptions, this.vital, this.claims, this.units];
    const rows = care.reduce((sum, index) => sum + index.rows, 0);
    return kinds.reduce((sum, { size }) => sum + size, rows);
  }

  /**
   * The moment that a right is judged at: the later of the newest block's time and the clock's, Unix seconds.
   *
   * @throws MedsealError `LEDGER_AHEAD` if the block's time is too far ahead of the clock to be taken.
   */
  get moment(): number {
    requireNotAhead(this.#timestamp, this.#clock);
    return Math.max(this.#timestamp, seconds(this.#clock));
  }

  /** Time of the newest final block, Unix seconds. */
  get blockTime(): number {
    return this.#timestamp;
  }

  /** Seconds since the newest block's time by the clock; 0 if the block is ahead. */
  get age(): number {
    return Math.max(0, seconds(this.#clock) - this.#timestamp);
  }

  /** Seconds by which the newest block's time is ahead of the clock; 0 if it is not. */
  get ahead(): number {
    return Math.max(0, this.#timestamp - seconds(this.#clock));
  }

  party(party: Address): PartyFacts | undefined {
    return this.#parties.get(party);
  }

  signerOf(party: Address): Address | undefined {
    return this.#signers.get(party)?.at(-1);
  }

  /** The keys that have signed for a party, oldest first: the last one signs now. */
  signersOf(party: Address): readonly Address[] {
    return this.#signers.get(party) ?? [];
  }

  /** The party that an address is the key of, or was; undefined if no party ever had the key. */
  ownerOf(key: Address): Address | undefined {
    return this.#signers.has(key) ? key : this.#owners.get(key);
  }

  /**
   * Returns the party that a key signed for at the end of a block, or before; undefined if the key was nobody's by then.
   *
   * @param key - Address of the key.
   * @param block - The block, which the index has; the present one if absent.
   */
  holderOf(key: Address, block = this.#block): SignerFacts | undefined {
    const party = this.ownerOf(key);
    const enrolled = party && this.#enrolments.get(party)?.block;
    if (party === undefined || enrolled === undefined || enrolled > block) return undefined;
    // The index has not come so far.
    if (block > this.#block) return undefined;
    const keys = this.signersOf(party).slice(0, 1 + this.keyChangesUntil(party, block));
    if (!keys.includes(key)) return undefined;
    return { party, present: keys.at(-1) === key, suspended: this.#wasSuspended(party, block) };
  }

  /** Place on the ledger at which a party got its present key. */
  keyChanged(party: Address): LedgerPlace | undefined {
    return this.#keyChanges.get(party)?.at(-1);
  }

  /** The recovery of a party's key that was begun last, under way or over. */
  recovery(party: Address): RecoveryOnLedger | undefined {
    return this.#recoveries.get(party);
  }

  takenOver(party: Address): number {
    return this.#takeovers.get(party) ?? 0;
  }

  /** Parties whose recovery can be finished at a moment, Unix seconds. */
  dueRecoveries(at: number): readonly Address[] {
    const under = this.#recovering.get(ALL) ?? [];
    return under.flatMap(([party, readyAt]) => (readyAt <= at ? [party] : []));
  }

  /** The last epoch that a patient had committed to when the key was last changed: no former key sealed a later one. */
  lastEpochOfFormerKeys(handle: Handle): number {
    return this.#formerEpochs.get(handle) ?? 0;
  }

  /**
   * Returns the number of times that a party changed its key up to a block.
   *
   * @param party - The party.
   * @param block - The block; the present one if absent.
   */
  keyChangesUntil(party: Address, block = Infinity): number {
    return (this.#keyChanges.get(party) ?? []).filter((place) => place.block <= block).length;
  }

  /**
   * Returns the verifiers that were enrolled and not suspended at the end of a block.
   *
   * @param block - The block, which the index has.
   */
  verifiersAt(block: number): readonly Ranked[] {
    return (this.#verifiers.get(ALL) ?? []).filter(({ verifier }) => {
      const enrolled = this.#enrolments.get(verifier)?.block ?? Infinity;
      return enrolled <= block && !this.#wasSuspended(verifier, block);
    });
  }

  /** Tells whether a party was suspended at the end of a block. */
  #wasSuspended(party: Address, block: number): boolean {
    return this.#standings.get(party)?.findLast((each) => each.block <= block)?.suspended === true;
  }

  /** An office as the ledger has it; undefined before the first block. */
  office(office: OfficeName): SeatedOffice | undefined {
    return this.#offices.get(office);
  }

  /** Number of the last change of an office that was begun; 0 before the first. */
  officeChange(office: OfficeName): number {
    return this.#officeChanges.get(office) ?? 0;
  }

  /** The administrators of an organisation that the Registry has, suspended or not. */
  administrators(organisation: Organisation): readonly PartyFacts[] {
    const accounts = this.#administrators.get(organisation) ?? [];
    return accounts.flatMap((account) => this.#parties.get(account) ?? []);
  }

  patient(handle: Handle): PatientFacts | undefined {
    const chart = this.#patients.get(handle);
    return chart && this.vital.knows(handle) ? { ...chart, life: this.vital.life(handle) } : chart;
  }

  life(handle: Handle): LifeFacts {
    return this.vital.life(handle);
  }

  /** Everyone that the Registry has, services included. */
  parties(): AsyncIterable<PartyFacts> {
    return this.#parties.values();
  }

  /** Every chart. */
  patients(): AsyncIterable<PatientFacts> {
    return this.#patients.values();
  }

  /** A grant as a right is judged by it: one whose end its patient signed has ended, whether the ledger has that yet or not. */
  grant(grant: Bytes32): GrantFacts | undefined {
    const known = this.grantOnLedger(grant);
    return known && this.#endingAhead.has(grant) ? { ...known, state: 'ended' } : known;
  }

  /**
   * Notes that the patient of a grant signed its end, which a store keeps.
   *
   * @param grant - Digest of the grant, which is on the signer's chart.
   */
  endAhead(grant: Bytes32): void {
    this.#endingAhead.add(grant);
  }

  exactEnd(mandate: Bytes32): number | undefined {
    return this.#exactEnds.get(mandate);
  }

  /**
   * Notes the exact end of a mandate, which the ledger hides.
   *
   * @param mandate - Digest of the opening.
   * @param until - The end in it, Unix seconds.
   */
  noteExactEnd(mandate: Bytes32, until: number): void {
    this.#exactEnds.set(mandate, until);
  }

  isGivenLate(grant: Bytes32): boolean {
    const { handle, by } = this.#grants.get(grant) ?? {};
    if (handle === undefined || by === undefined) return false;
    const mandates = mandatesOn(this, handle);
    const known = mandates.find(({ key }) => key === by.key);
    const exact = (mandate: Bytes32): number | undefined => this.exactEnd(mandate);
    return known === undefined || by.at >= actingUntil(mandates, known, exact);
  }

  /** A grant as the ledger has it. */
  grantOnLedger(grant: Bytes32): GrantFacts | undefined {
    const entry = this.#grants.get(grant);
    if (entry === undefined) return undefined;
    return { handle: entry.handle, state: entry.ended === undefined ? 'active' : 'ended' };
  }

  /** Digests of all grants on a chart whose end nobody signed, in ascending order. */
  activeGrants(handle: Handle): readonly Bytes32[] {
    const active = this.#active.get(handle) ?? [];
    return active.filter((grant) => !this.#endingAhead.has(grant)).toSorted();
  }

  /** Place on the ledger at which a party was enrolled. */
  enrolled(party: Address): LedgerPlace | undefined {
    return this.#enrolments.get(party);
  }

  /** Place on the ledger at which a grant was put, and its epoch. */
  granted(grant: Bytes32): Granted | undefined {
    return this.#grants.get(grant)?.granted;
  }

  /** Place on the ledger at which a grant ended, and what began with that. */
  ended(grant: Bytes32): Ended | undefined {
    return this.#grants.get(grant)?.ended;
  }

  /** The newest checkpoint of a log, by the log's id. */
  checkpoint(log: Bytes32): PlacedRoot | undefined {
    return this.#checkpoints.get(log);
  }

  /**
   * Asks the ledger for the time of a block, Unix seconds.
   *
   * @param block - A final block.
   * @throws MedsealError `LEDGER_UNREACHABLE`; `PEER_MALFORMED` if there is no such block.
   */
  async timeOf(block: number): Promise<number> {
    return await readBlockTime(this.#provider, block);
  }

  /**
   * Asks the ledger for a block.
   *
   * @param height - The block's number.
   * @returns Undefined if the ledger has no such block.
   * @throws MedsealError `LEDGER_UNREACHABLE`, `PEER_MALFORMED`.
   */
  async blockAt(height: number): Promise<BlockFacts | undefined> {
    const hash = await readBlockHash(this.#provider, height);
    return hash && { height, hash, time: await readBlockTime(this.#provider, height) };
  }

  /**
   * Asks the ledger whether it holds a checkpoint of a log at the given place.
   *
   * @param log - The log's id.
   * @param checkpoint - Size and root.
   * @param place - Transaction and block that are said to hold it.
   * @throws MedsealError `NOT_YET` if the ledger is not so far yet; `LEDGER_UNREACHABLE`.
   */
  async holdsCheckpoint(
    log: Bytes32,
    { size, root }: Pick<PlacedRoot, 'size' | 'root'>,
    { transaction, block }: LedgerPlace,
  ): Promise<boolean> {
    if ((this.#checkpoints.get(log)?.size ?? 0) < size) await this.refresh();
    const newest = this.#checkpoints.get(log);
    if (newest === undefined || newest.size < size) {
      throw new MedsealError('NOT_YET', { what: 'checkpoint on the ledger' });
    }
    const isThis = (held: PlacedRoot): boolean =>
      held.size === size &&
      held.root === root &&
      held.transaction === transaction &&
      held.block === block;
    if (newest.size === size) return isThis(newest);
    // It keeps no older ones: there is one for each second in which something was written.
    if (block > this.#block) return false;
    const range = { from: block, to: block };
    const logs = await readLogs(this.#provider, { addresses: this.#contracts, ...range });
    return readEvents(logs).some(
      (event) => event.kind === 'Checkpointed' && event.log === log && isThis(event),
    );
  }

  /** Tells whether the contract takes ends of rights without an epoch: one of a network that was founded earlier does not. */
  async takesEnds(): Promise<boolean> {
    this.#takesEnds ||= await takesEnds(this.#provider, this.#consent);
    return this.#takesEnds;
  }

  /**
   * Brings the index to the block that is the ledger's newest at the time of the call, or a later one.
   *
   * @throws MedsealError `LEDGER_UNREACHABLE` if the ledger does not answer; the index stands at the last block of which it did.
   */
  async refresh(): Promise<void> {
    await this.#refresh();
  }

  async #readNews(): Promise<void> {
    const head = await this.#readHead();
    if (!this.#isOfLedger) await this.#resume(head);
    const due = this.#digests.dueBy(head.number, { from: this.#block, rows: this.#rows.size });
    if (due !== undefined) {
      await this.#readUpTo(due);
      if (this.#notedAt !== due) await this.#note();
      if (this.#notedAt === due) this.#digests.take(due);
    }
    await this.#readUpTo(head.number);
    // A digest that came since.
    if (this.#notedDigests !== this.#digests.latest) await this.#note();
    this.#timestamp = head.timestamp;
  }

  /** Applies the events of all blocks up to one. */
  async #readUpTo(block: number): Promise<void> {
    if (block <= this.#block) return;
    const range = { from: this.#block + 1, to: block };
    const wanted = { addresses: this.#contracts, ...range };
    for await (const { logs, last } of readLogRanges(this.#provider, wanted)) {
      const events = readEvents(logs);
      for (const event of events) {
        const by = event.kind === 'Granted' ? await this.#giverOf(event) : undefined;
        this.#apply(event, by);
      }
      this.#changed = events.at(-1)?.block ?? this.#changed;
      this.#block = last;
      if (events.length > 0 || last - this.#notedAt >= NOTED_EVERY) await this.#note();
    }
  }

  /** Goes on at the block that the rows stand at, if the ledger has that block; reads all of it if not. */
  async #resume(head: LedgerHead): Promise<void> {
    const mark = this.#rows.mark as StandsAt | undefined;
    if (mark !== undefined) {
      const { block, hash, digests = [], changed } = mark;
      const isThere = block <= head.number && hash === (await readBlockHash(this.#provider, block));
      if (isThere) {
        [this.#block, this.#notedAt] = [block, block];
        this.#digests.resume(digests);
        [this.#notedDigests, this.#changed] = [digests, changed];
      } else await this.#rows.clear();
    }
    this.#isOfLedger = true;
  }

  /** Puts what the rows have on the disk, with the block that they stand at. */
  async #note(): Promise<void> {
    if (!this.#rows.isStored) return;
    const block = this.#block;
    const hash = await readBlockHash(this.#provider, block);
    // A node of validators can tell of a block a moment before it can show it.
    if (hash === undefined) return;
    const digests = this.#digests.latest;
    const changed = this.#changed;
    await this.#rows.commit({
      block,
      hash,
      digests,
      ...(changed !== undefined && { changed }),
    } satisfies StandsAt);
    [this.#notedAt, this.#notedDigests] = [block, digests];
  }

  /** The newest block. A node of validators can tell of one a moment before it can show it, and then shows none. */
  async #readHead(): Promise<LedgerHead> {
    for (let waited = 0; ; waited += STEP) {
      const head = await readHead(this.#provider);
      if (head !== undefined) return head;
      if (waited >= PATIENCE) throw new MedsealError('LEDGER_UNREACHABLE', {});
      await new Promise<void>((resolve) => void this.#clock.after(STEP, resolve));
    }
  }

  /** The key that gave a grant on a chart on which others act, if it is not the patient's. */
  async #giverOf(event: Extract<RuleEvent, { kind: 'Granted' }>): Promise<GivenBy | undefined> {
    const { handle, block } = event;
    const mandates = mandatesOn(this, handle);
    const { controller } = this.#patients.get(handle) ?? {};
    if (mandates.length === 0 || controller === undefined) return undefined;
    const keys = await readGrantSigners(this.#provider, this.#consent, event);
    const patients = this.signersOf(controller);
    if (keys?.some((key) => patients.includes(key))) return undefined;
    const acting = mandates.find(({ key }) => keys?.includes(key));
    // A contract signs for the patient in ways of its own, but nobody brings its word in a call that hides who signed.
    if (acting === undefined && keys !== undefined) return undefined;
    return { key: acting?.key ?? ZERO_ADDRESS, at: await readBlockTime(this.#provider, block) };
  }

  #apply(event: RuleEvent, by?: GivenBy): void {
    this.places.apply(event);
    switch (event.kind) {
      case 'Enrolled':
        this.#enrol(event);
        break;
      case 'PartySuspended':
        this.#suspend(event, true);
        break;
      case 'SuspensionLifted':
        this.#suspend(event, false);
        break;
      case 'KeyChanged':
        this.#changeKey(event);
        break;
      case 'RecoveryBegun':
        this.#beginRecovery(event);
        break;
      case 'RecoveryStopped':
        this.#endRecovery(event.party);
        break;
      case 'Granted':
        this.#give(event, by);
        break;
      case 'Revoked': {
        const entry = this.#grants.get(event.grant);
        const advance = this.#advances.get(event.handle);
        this.#endingAhead.delete(event.grant);
        if (entry !== undefined) {
          // Of an epoch that began with it the ledger tells in the same transaction, right before.
          const hasBegun = advance?.transaction === event.transaction;
          const begun = hasBegun ? advance : { epoch: 0, packets: ZERO32 };
          const ended = { ...begun, ...placeOf(event) };
          this.#grants.set(event.grant, { ...entry, ended });
          const active = this.#active.get(event.handle) ?? [];
          const others = active.filter((grant) => grant !== event.grant);
          this.#active.set(event.handle, others);
        }
        break;
      }
      case 'EpochAdvanced': {
        const { handle, epoch, packets, transaction } = event;
        this.#advances.set(handle, { epoch, packets, transaction });
        this.#enterEpoch(handle, epoch);
        break;
      }
      case 'EpochsCommitted': {
        const { handle, first, count, root } = event;
        this.#change(handle, { next: { first, count, root } });
        break;
      }
      case 'Checkpointed': {
        const { log, size, root } = event;
        this.#checkpoints.set(log, { size, root, ...placeOf(event) });
        break;
      }
      case 'OfficeChanged':
        this.#offices.set(event.office, { threshold: event.threshold, seats: [] });
        break;
      case 'Seated':
        this.#seat(event);
        break;
      case 'OfficeChangeBegun':
        this.#officeChanges.set(event.office, event.change);
        break;
      case 'Prescribed':
      case 'Dispensed':
      case 'PrescriptionHeld':
      case 'PrescriptionEnded':
      case 'HolderChanged':
        this.prescriptions.apply(event);
        break;
      case 'VitalReported':
      case 'VitalConfirmed':
      case 'VitalUndone':
      case 'WillSet':
        this.vital.apply(event);
        break;
      case 'Appointed':
        this.#appoint(event);
        break;
      case 'MandateEnded':
        this.#endMandate(event);
        break;
      case 'Claimed':
      case 'ClaimDecided':
      case 'ClaimSupplemented':
      case 'ClaimWithdrawn':
      case 'ClaimDisputed':
      case 'ClaimJudged':
      case 'ClaimLapsed':
      case 'LotOpened':
        this.claims.apply(event);
        break;
      case 'Issued':
      case 'Redeemed':
      case 'Transfer':
        this.units.apply(event);
        break;
      // It does not change how a right is judged.
      case 'Refused':
        break;
    }
  }

  /** A key acts for a patient from then on. */
  #appoint(event: Extract<RuleEvent, { kind: 'Appointed' }>): void {
    const { handle, mandate, key, powers, until, appointer } = event;
    const by = appointer === ZERO_ADDRESS ? {} : { appointer };
    const facts = { mandate, key, powers, until, state: 'active', ...by } as const;
    this.#change(handle, { mandates: [...(this.#patients.get(handle)?.mandates ?? []), facts] });
  }

  #endMandate({ handle, key }: Extract<RuleEvent, { kind: 'MandateEnded' }>): void {
    const patient = this.#patients.get(handle);
    if (patient?.mandates === undefined) return;
    const ended = { state: 'ended', lastEpoch: lastEpoch(patient) } as const;
    const mandates = patient.mandates.map((each) =>
      each.key === key ? { ...each, ...ended } : each,
    );
    this.#change(handle, { mandates });
  }

  #seat({ office, holder }: Extract<RuleEvent, { kind: 'Seated' }>): void {
    const { threshold = 0, seats = [] } = this.#offices.get(office) ?? {};
    this.#offices.set(office, { threshold, seats: [...seats, holder] });
  }

  #enrol(event: Extract<RuleEvent, { kind: 'Enrolled' }>): void {
    const role = LEDGER_ROLES[event.role - 1];
    if (role === undefined) return;
    const { party, recipient, handle } = event;
    const organisation = organisationName(event.organisation);
    this.#parties.set(party, {
      party,
      role,
      organisation,
      suspended: false,
      standing: 0,
      recipient,
      ...(handle !== ZERO32 && { handle }),
    });
    this.#signers.set(party, [party]);
    this.#enrolments.set(party, placeOf(event));
    if (role === 'administrator') {
      const others = this.#administrators.get(organisation) ?? [];
      this.#administrators.set(organisation, [...others, party]);
    }
    if (role === 'verifier') {
      const others = this.#verifiers.get(ALL) ?? [];
      this.#verifiers.set(ALL, [...others, { organisation, verifier: party }]);
    }
    if (handle !== ZERO32) {
      const chart = { handle, controller: party, epoch: 0, first: 0, count: 0, root: ZERO32 };
      this.#patients.set(handle, chart);
    }
  }

  #suspend(
    { party, standing, block }: Extract<RuleEvent, { kind: 'PartySuspended' | 'SuspensionLifted' }>,
    suspended: boolean,
  ): void {
    this.#changeParty(party, { suspended, standing });
    const before = this.#standings.get(party) ?? [];
    this.#standings.set(party, [...before, { block, suspended }]);
  }

  #changeKey(event: Extract<RuleEvent, { kind: 'KeyChanged' }>): void {
    const { party, signer, recipient, change } = event;
    this.#endRecovery(party);
    this.#changeParty(party, { recipient, key: { signer, change } });
    this.#signers.set(party, [...this.signersOf(party), signer]);
    this.#keyChanges.set(party, [...(this.#keyChanges.get(party) ?? []), placeOf(event)]);
    this.#owners.set(signer, party);
    const { handle } = this.#parties.get(party) ?? {};
    const patient = handle && this.#patients.get(handle);
    if (patient === undefined) return;
    this.#formerEpochs.set(patient.handle, lastEpoch(patient));
    // A change by the party itself has a greater number than any recovery that was begun before.
    const isRecovery = this.#recoveries.get(party)?.change === change;
    if (isRecovery || this.takenOver(party) > 0)
      this.#takeovers.set(party, isRecovery ? change : 0);
  }

  #beginRecovery(event: Extract<RuleEvent, { kind: 'RecoveryBegun' }>): void {
    const { party, change, signer, recipient, readyAt } = event;
    const present = this.signerOf(party);
    if (present === undefined) return;
    this.#endRecovery(party);
    const recovery = { signer, readyAt };
    this.#changeParty(party, { key: { signer: present, change }, recovery });
    this.#recoveries.set(party, { change, signer, recipient, readyAt, ...placeOf(event) });
    this.#recovering.set(ALL, [...(this.#recovering.get(ALL) ?? []), [party, readyAt]]);
  }

  #endRecovery(party: Address): void {
    const known = this.#parties.get(party);
    if (known?.recovery === undefined) return;
    const { recovery: _over, ...rest } = known;
    this.#parties.set(party, rest);
    const under = this.#recovering.get(ALL) ?? [];
    this.#recovering.set(
      ALL,
      under.filter(([each]) => each !== party),
    );
  }

  #give(event: Extract<RuleEvent, { kind: 'Granted' }>, by: GivenBy | undefined): void {
    // The one text that the chart has: many grants in memory would hold as many alike.
    const { handle = event.handle, epoch = 0 } = this.#patients.get(event.handle) ?? {};
    const others = (this.#active.get(handle) ?? []).filter((grant) => grant !== event.grant);
    this.#active.set(handle, [...others, event.grant]);
    const granted = { ...placeOf(event), epoch };
    this.#grants.set(event.grant, { handle, granted, ...(by && { by }) });
  }

  /** A commitment takes effect with its first epoch. */
  #enterEpoch(handle: Handle, epoch: number): void {
    const known = this.#patients.get(handle);
    if (known === undefined) return;
    const { next, ...present } = known;
    const begins = next?.first === epoch;
    this.#patients.set(handle, { ...present, ...(begins ? next : next && { next }), epoch });
  }

  #changeParty(party: Address, change: Partial<PartyFacts>): void {
    const known = this.#parties.get(party);
    if (known !== undefined) this.#parties.set(party, { ...known, ...change });
  }

  #change(handle: Handle, change: Partial<PatientFacts>): void {
    const patient = this.#patients.get(handle);
    if (patient !== undefined) this.#patients.set(handle, { ...patient, ...change });
  }
}

function placeOf(event: RuleEvent): LedgerPlace {
  return { transaction: event.transaction, block: event.block };
}
