import { SYNCED, type ServiceDatabase } from '../synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { KeptPacket, PartyCard } from '../../protocol/AgentPort.ts';
import type { ProvenSheet } from '../../protocol/epochs.ts';
import type { Base64 } from '../../protocol/evidence.ts';
import { KeyedLock } from '../../vault/KeyedLock.ts';
import { ZERO32, type Address, type Bytes32, type Handle } from '../../protocol/ids.ts';
import { keepNewest } from '../../protocol/keepNewest.ts';
import { KeptCopies } from './KeptCopies.ts';
import {
  KeptFeed,
  type Change,
  type KeptFeedOptions,
  type KeptSource,
  type SourceRow,
} from './KeptFeed.ts';
import { endKey, overKey, packetKey, sheetKey, type SheetWanted } from './keptKeys.ts';
import { sortable } from './sortable.ts';
import { stateIn, type KeptState, type StateRow } from './stateIn.ts';

/** How many patients' ends of rights are held in memory. */
const MOST_READ = 10_000;

/** What is kept at once, after it was checked. */
export interface Kept {
  /** The patient's packets, and the revision of the patient's state that they were sealed by: later ones replace. */
  readonly packets?: {
    readonly handle: Handle;
    readonly packets: readonly KeptPacket[];
    readonly revision: number;
  };
  /** When a right to read ends. */
  readonly end?: GrantEnd;
  /** The sheets of a commitment, by the root that the ledger has once it takes effect. */
  readonly commitment?: {
    readonly handle: Handle;
    readonly root: Bytes32;
    readonly sheets: readonly ProvenSheet[];
  };
  readonly state?: KeptState & { readonly handle: Handle };
  readonly card?: PartyCard;
  /** What binds it, for peers that were away; absent where a node found it out by itself. */
  readonly source?: KeptSource;
}

/** When a right ends whose grantee was given keys of epochs. */
export interface GrantEnd {
  readonly handle: Handle;
  readonly grant: Bytes32;
  readonly grantee: Address;
  /** First second at which it no longer holds. */
  readonly until: number;
  /** The newest epoch whose keys were sealed to the grantee. */
  readonly sealedTo: number;
}

/** A card as its row holds it. */
interface CardRow extends PartyCard {
  readonly source?: Bytes32;
}

/**
 * A node's durable store of what it keeps for the parties beside sealed files: key packets, epoch sheets,
 * states of patients' devices, cards. All of it is sealed or public, but for the ends of rights; openings of grants,
 * which prove those to peers, are encrypted.
 */
export class KeptStore {
  /** What is kept, as peers are given it. */
  readonly copies: KeptCopies;
  readonly #database: ServiceDatabase;
  readonly #primitives: KeptFeedOptions['primitives'];
  readonly #feed: KeptFeed;
  readonly #lock = new KeyedLock();
  /** Ends of rights that were read, by patient: they are asked for with every entry. */
  readonly #ends = new Map<Handle, readonly GrantEnd[]>();

  /** @param options - The organisation's own database. */
  constructor(options: KeptFeedOptions) {
    this.#database = options.database;
    this.#primitives = options.primitives;
    this.#feed = new KeptFeed(options);
    this.copies = new KeptCopies(options, this.#feed);
  }

  /**
   * Keeps all of it in one synced write; safe to repeat.
   * @throws MedsealError `STATE_STALE` where a newer state is kept, or another of this number.
   */
  async keep(kept: Kept): Promise<void> {
    await this.#lock.run(ownerOf(kept), async () => {
      if (kept.state !== undefined) {
        const known = await this.#stateRow(kept.state.handle);
        if (known !== undefined && !isNewer(kept.state, known)) {
          throw new MedsealError('STATE_STALE', {});
        }
      }
      // Anyone may bring a card, so one that is kept already costs no write.
      if (kept.card !== undefined && (await this.#isKept(kept.card, kept.source))) return;
      await this.#write(kept);
    });
  }

  /**
   * Keeps what a peer kept before: a state only where it is newer.
   * @param kept - What was checked.
   */
  async keepCopy(kept: Kept): Promise<void> {
    await this.#lock.run(ownerOf(kept), async () => {
      const { state, ...others } = kept;
      const known = state && (await this.#stateRow(state.handle));
      const newer = state === undefined || known === undefined || isNewer(state, known);
      if (!newer && kept.packets?.packets.length === 0) return;
      await this.#write(newer ? kept : others);
    });
  }

  async #write(kept: Kept): Promise<void> {
    const puts = [...rowsOf(kept).map(putOf), ...(await this.#endChanges(kept))];
    const superseded = await this.#superseded(kept);
    await this.#feed.append(await this.#newSource(kept), async (changes) => {
      await this.#database.batch([...superseded, ...puts, ...changes], SYNCED);
    });
    if (kept.end !== undefined || kept.packets !== undefined) this.#ends.delete(ownerOf(kept));
  }

  /** What binds it, unless that is known. */
  async #newSource({
    source,
    packets,
    commitment,
    state,
  }: Kept): Promise<Omit<SourceRow, 'place'> | undefined> {
    if (source === undefined || (await this.#feed.isListed(source.id))) return undefined;
    const { handle, root, sheets = [] } = commitment ?? {};
    return {
      ...source,
      packets: (packets?.packets ?? []).map(({ grant, epoch }) => ({ grant, epoch })),
      revision: packets?.revision ?? 0,
      ...(handle &&
        root && { sheets: { handle, root, epochs: sheets.map(({ sheet }) => sheet.epoch) } }),
      ...(state && { state: { handle: state.handle } }),
    };
  }

  /** A state or card that another takes the place of leaves nothing, unless packets stand by the same signature. */
  async #superseded({ state, card, source }: Kept): Promise<readonly Change[]> {
    const before = [
      state && (await this.#stateRow(state.handle)),
      card && (await this.#cardRow(card.party)),
    ];
    const changes: Change[] = [];
    for (const { source: id } of before.filter((row) => row !== undefined)) {
      const known = id === undefined || id === source?.id ? undefined : await this.#feed.source(id);
      if (known?.packets.length === 0) changes.push(...this.#feed.forgetting(known));
    }
    return changes;
  }

  /** Ends of rights, as what is kept now changes them: packets reach further, and what reached far stays so. */
  async #endChanges({ packets, end }: Kept): Promise<Change[]> {
    const ends = new Map<Bytes32, GrantEnd>();
    if (end !== undefined) ends.set(end.grant, end);
    for (const { grant, epoch } of packets?.packets ?? []) {
      const known = ends.get(grant) ?? (await this.#end(packets?.handle ?? ZERO32, grant));
      if (known === undefined) continue;
      ends.set(grant, { ...known, sealedTo: Math.max(known.sealedTo, epoch) });
    }
    const changes: Change[] = [];
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

  /** The newest epoch that a packet of a grant opens; 0 for none. */
  async #newestPacket(grant: Bytes32): Promise<number> {
    const range = { gte: `packet/${grant}/`, lt: `packet/${grant}0` };
    const [key] = await this.#database.keys({ ...range, reverse: true, limit: 1 }).all();
    return key === undefined ? 0 : epochIn(key);
  }

  async #stateRow(handle: Handle): Promise<StateRow | undefined> {
    return stateIn(this.#primitives, await this.#database.get(`state/${handle}`));
  }

  async #cardRow(party: Address): Promise<CardRow | undefined> {
    const text = await this.#database.get(`card/${party}`);
    return text === undefined ? undefined : (JSON.parse(text) as CardRow);
  }

  async #isKept({ party, recipient }: PartyCard, source: Kept['source']): Promise<boolean> {
    const known = await this.#cardRow(party);
    return known?.recipient === recipient && known.source === source?.id;
  }

  async #end(handle: Handle, grant: Bytes32): Promise<GrantEnd | undefined> {
    const keys = [endKey({ handle, grant }), overKey({ handle, grant })];
    const text = (await this.#database.getMany(keys)).find((row) => row !== undefined);
    return text === undefined ? undefined : (JSON.parse(text) as GrantEnd);
  }

  /** When rights on a patient's chart end, but for those that were settled. */
  async ends(handle: Handle): Promise<readonly GrantEnd[]> {
    const known = this.#ends.get(handle);
    if (known !== undefined) return known;
    return await this.#lock.run(handle, async () => {
      const range = { gte: `end/${handle}/`, lt: `end/${handle}0` };
      const rows = await this.#database.values(range).all();
      const ends = rows.map((text) => JSON.parse(text) as GrantEnd);
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
        // What was kept meanwhile may reach further than what was looked at.
        if (known === undefined || (JSON.parse(known) as GrantEnd).sealedTo > end.sealedTo) return;
        await this.#database.batch([
          { type: 'del', key: endKey(end) },
          { type: 'put', key: overKey(end), value: known },
        ]);
        this.#ends.delete(end.handle);
      });
    }
  }

  /** The packet of a grant for the newest epoch up to `epoch`, with what it is kept by; or undefined. */
  async packet(
    grant: Bytes32,
    epoch: number,
  ): Promise<(KeptPacket & { readonly source: Bytes32 }) | undefined> {
    const range = { gte: `packet/${grant}/`, lte: `packet/${grant}/${sortable(epoch)}/~` };
    for await (const [key, value] of this.#database.iterator({
      ...range,
      reverse: true,
      limit: 1,
    })) {
      const packet = JSON.parse(value) as Base64;
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
    return JSON.parse(text) as ProvenSheet;
  }

  /** The newest state of a patient's devices, or undefined. */
  async state(handle: Handle): Promise<KeptState | undefined> {
    const row = await this.#stateRow(handle);
    return row && { revision: row.revision, hash: row.hash, sealed: row.sealed };
  }

  /**
   * A party's card.
   * @throws MedsealError `NOT_FOUND`.
   */
  async card(party: Address): Promise<PartyCard> {
    const card = await this.#cardRow(party);
    if (card === undefined) throw new MedsealError('NOT_FOUND', { what: 'party' });
    return { party, recipient: card.recipient };
  }
}

/** Whose it is; what is one owner's is written one after another. */
function ownerOf({ state, packets, end, commitment, card }: Kept): Handle {
  return (state ?? packets ?? end ?? commitment)?.handle ?? card?.party ?? ZERO32;
}

/** Whether a state may take the place of another, or is the same. */
function isNewer({ revision, hash }: KeptState, known: KeptState): boolean {
  return revision > known.revision || (revision === known.revision && hash === known.hash);
}

/** What is written under a key. */
type Row = readonly [string, unknown];

function putOf([key, value]: Row): Change {
  return { type: 'put', key, value: JSON.stringify(value) };
}

function rowsOf({ packets, commitment, state, card, source }: Kept): Row[] {
  const rows: Row[] = [];
  const { revision = 0 } = packets ?? {};
  for (const { grant, epoch, packet } of packets?.packets ?? []) {
    rows.push([packetKey({ grant, epoch, revision, source: source?.id }), packet]);
  }
  if (commitment) {
    const { handle, root, sheets } = commitment;
    for (const { sheet, proof } of sheets) {
      rows.push([sheetKey({ handle, epoch: sheet.epoch, root }), { sheet, proof }]);
    }
  }
  if (state) {
    const { handle, ...each } = state;
    const row: StateRow = { ...each, ...(source && { source: source.id }) };
    rows.push([`state/${handle}`, row]);
  }
  if (card) {
    const row: CardRow = { ...card, ...(source && { source: source.id }) };
    rows.push([`card/${card.party}`, row]);
  }
  return rows;
}

/** Of a packet's key. */
function epochIn(key: string): number {
  return Number(key.split('/')[2]);
}

/** Of a packet's key. */
function sourceIn(key: string): Bytes32 {
  return key.split('/')[4] as Bytes32;
}
