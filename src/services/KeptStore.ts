import { SYNCED, type ServiceDatabase } from './synced.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { KeptPacket, PartyCard } from '../protocol/AgentPort.ts';
import type { ProvenSheet } from '../protocol/epochs.ts';
import type { Base64 } from '../protocol/evidence.ts';
import { KeyedLock } from '../vault/KeyedLock.ts';
import { ZERO32, type Address, type Bytes32, type Handle } from '../protocol/ids.ts';

/** How many patients' ends of rights are held in memory. */
const MOST_READ = 10_000;

/** What is kept at once, after it was checked. */
export interface Kept {
  /** The patient's packets. */
  readonly packets?: { readonly handle: Handle; readonly packets: readonly KeptPacket[] };
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

/** What a patient's devices know, sealed to the patient. */
export interface KeptState {
  readonly revision: number;
  /** SHA-256 of `sealed`. */
  readonly hash: Bytes32;
  readonly sealed: Base64;
}

/**
 * A node's durable store of what it keeps for the parties beside sealed files: key packets, epoch sheets,
 * states of patients' devices, cards. All of it is sealed or public, but for the ends of rights.
 */
export class KeptStore {
  readonly #database: ServiceDatabase;
  readonly #lock = new KeyedLock();
  /** Ends of rights that were read, by patient: they are asked for with every entry. */
  readonly #ends = new Map<Handle, readonly GrantEnd[]>();

  /** @param database - The organisation's own. */
  constructor(database: ServiceDatabase) {
    this.#database = database;
  }

  /**
   * Keeps all of it in one synced write; safe to repeat.
   * @throws MedsealError `STATE_STALE` where a newer state is kept, or another of this number.
   */
  async keep(kept: Kept): Promise<void> {
    await this.#lock.run(ownerOf(kept), async () => {
      if (kept.state !== undefined) await this.#requireNewer(kept.state);
      // Anyone may bring a card, so one that is kept already costs no write.
      const { card, ...others } = kept;
      const news = card && (await this.#isKept(card)) ? others : kept;
      const puts = [...rowsOf(news), ...(await this.#endRows(news))];
      if (puts.length === 0) return;
      await this.#database.batch(
        puts.map(([key, value]) => ({ type: 'put', key, value: JSON.stringify(value) })),
        SYNCED,
      );
      if (kept.end !== undefined || kept.packets !== undefined) this.#ends.delete(ownerOf(kept));
    });
  }

  async #requireNewer({ handle, revision, hash }: NonNullable<Kept['state']>): Promise<void> {
    const known = await this.state(handle);
    if (known === undefined || known.revision < revision) return;
    if (known.revision > revision || known.hash !== hash) throw new MedsealError('STATE_STALE', {});
  }

  /** Ends of rights, as what is kept now changes them: packets reach further, and what reached far stays so. */
  async #endRows({ packets, end }: Kept): Promise<Row[]> {
    const ends = new Map<Bytes32, GrantEnd>();
    if (end !== undefined) ends.set(end.grant, end);
    for (const { grant, epoch } of packets?.packets ?? []) {
      const known = ends.get(grant) ?? (await this.#end(packets?.handle ?? ZERO32, grant));
      if (known === undefined) continue;
      ends.set(grant, { ...known, sealedTo: Math.max(known.sealedTo, epoch) });
    }
    const rows: Row[] = [];
    for (const each of ends.values()) {
      const known = await this.#end(each.handle, each.grant);
      const newest = await this.#newestPacket(each.grant);
      const sealedTo = Math.max(each.sealedTo, known?.sealedTo ?? 0, newest);
      if (sealedTo !== known?.sealedTo) rows.push([endKey(each), { ...each, sealedTo }]);
    }
    return rows;
  }

  /** The newest epoch that a packet of a grant opens; 0 for none. */
  async #newestPacket(grant: Bytes32): Promise<number> {
    const range = { gte: `packet/${grant}/`, lt: `packet/${grant}0` };
    const [key] = await this.#database.keys({ ...range, reverse: true, limit: 1 }).all();
    return key === undefined ? 0 : epochIn(key);
  }

  async #end(handle: Handle, grant: Bytes32): Promise<GrantEnd | undefined> {
    const text = await this.#database.get(endKey({ handle, grant }));
    return text === undefined ? undefined : (JSON.parse(text) as GrantEnd);
  }

  /** When rights on a patient's chart end, or ended not long ago. */
  async ends(handle: Handle): Promise<readonly GrantEnd[]> {
    const known = this.#ends.get(handle);
    if (known !== undefined) return known;
    return await this.#lock.run(handle, async () => {
      const range = { gte: `end/${handle}/`, lt: `end/${handle}0` };
      const rows = await this.#database.values(range).all();
      const ends = rows.map((text) => JSON.parse(text) as GrantEnd);
      const [oldest] = this.#ends.keys();
      if (this.#ends.size >= MOST_READ && oldest !== undefined) this.#ends.delete(oldest);
      this.#ends.set(handle, ends);
      return ends;
    });
  }

  /** Forgets rights that ended, and whose keys open nothing more. */
  async forgetEnds(ends: readonly GrantEnd[]): Promise<void> {
    for (const end of ends) {
      await this.#lock.run(end.handle, async () => {
        await this.#database.del(endKey(end));
        this.#ends.delete(end.handle);
      });
    }
  }

  /** The packet of a grant for the newest epoch up to `epoch`, or undefined. */
  async packet(grant: Bytes32, epoch: number): Promise<KeptPacket | undefined> {
    const range = { gte: `packet/${grant}/`, lte: `packet/${grant}/${number(epoch)}` };
    for await (const [key, value] of this.#database.iterator({
      ...range,
      reverse: true,
      limit: 1,
    })) {
      const packet = JSON.parse(value) as Base64;
      return { grant, epoch: epochIn(key), packet };
    }
    return undefined;
  }

  /**
   * A patient's sheet for an epoch, of the commitment with this root.
   * @throws MedsealError `NOT_FOUND`.
   */
  async sheet(wanted: SheetWanted): Promise<ProvenSheet> {
    return (await this.#get(sheetKey(wanted), 'sheet')) as ProvenSheet;
  }

  /** The newest state of a patient's devices, or undefined. */
  async state(handle: Handle): Promise<KeptState | undefined> {
    const text = await this.#database.get(`state/${handle}`);
    return text === undefined ? undefined : (JSON.parse(text) as KeptState);
  }

  /**
   * A party's card.
   * @throws MedsealError `NOT_FOUND`.
   */
  async card(party: Address): Promise<PartyCard> {
    return (await this.#get(`card/${party}`, 'party')) as PartyCard;
  }

  async #isKept({ party, recipient }: PartyCard): Promise<boolean> {
    const text = await this.#database.get(`card/${party}`);
    return text !== undefined && (JSON.parse(text) as PartyCard).recipient === recipient;
  }

  async #get(key: string, what: string): Promise<unknown> {
    const text = await this.#database.get(key);
    if (text === undefined) throw new MedsealError('NOT_FOUND', { what });
    return JSON.parse(text);
  }
}

/** Whose it is; what is one owner's is written one after another. */
function ownerOf({ state, packets, end, commitment, card }: Kept): Handle {
  return (state ?? packets ?? end ?? commitment)?.handle ?? card?.party ?? ZERO32;
}

/** What is written under a key. */
type Row = readonly [string, unknown];

function rowsOf(kept: Kept): Row[] {
  const rows: Row[] = [];
  for (const { grant, epoch, packet } of kept.packets?.packets ?? []) {
    rows.push([`packet/${grant}/${number(epoch)}`, packet]);
  }
  if (kept.commitment) {
    const { handle, root, sheets } = kept.commitment;
    for (const { sheet, proof } of sheets) {
      rows.push([sheetKey({ handle, epoch: sheet.epoch, root }), { sheet, proof }]);
    }
  }
  if (kept.state) {
    const { handle, ...state } = kept.state;
    rows.push([`state/${handle}`, state]);
  }
  if (kept.card) rows.push([`card/${kept.card.party}`, kept.card]);
  return rows;
}

function endKey({ handle, grant }: Pick<GrantEnd, 'handle' | 'grant'>): string {
  return `end/${handle}/${grant}`;
}

/** Which sheet is asked for. */
export interface SheetWanted {
  readonly handle: Handle;
  readonly epoch: number;
  readonly root: Bytes32;
}

/** A commitment that the ledger does not take, or not yet, leaves the sheets of another where they are. */
function sheetKey({ handle, epoch, root }: SheetWanted): string {
  return `sheet/${handle}/${number(epoch)}/${root}`;
}

function epochIn(packetKey: string): number {
  return Number(packetKey.slice(packetKey.lastIndexOf('/') + 1));
}

/** A number whose texts sort as it does. */
function number(value: number): string {
  return value.toString().padStart(12, '0');
}
