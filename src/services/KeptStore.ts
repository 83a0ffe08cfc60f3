import { SYNCED, type ServiceDatabase } from './synced.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { KeptPacket, PartyCard } from '../protocol/AgentPort.ts';
import type { ProvenSheet } from '../protocol/epochs.ts';
import type { Base64 } from '../protocol/evidence.ts';
import { KeyedLock } from '../vault/KeyedLock.ts';
import type { Address, Bytes32, Handle } from '../protocol/ids.ts';

/** What is kept at once, after it was checked. */
export interface Kept {
  readonly packets?: readonly KeptPacket[];
  /** The sheets of a commitment, by the root that the ledger has once it takes effect. */
  readonly commitment?: {
    readonly handle: Handle;
    readonly root: Bytes32;
    readonly sheets: readonly ProvenSheet[];
  };
  readonly state?: KeptState & { readonly handle: Handle };
  readonly card?: PartyCard;
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
 * states of patients' devices, cards. All of it is sealed or public.
 */
export class KeptStore {
  readonly #database: ServiceDatabase;
  readonly #lock = new KeyedLock();

  /** @param database - The organisation's own. */
  constructor(database: ServiceDatabase) {
    this.#database = database;
  }

  /**
   * Keeps all of it in one synced write; safe to repeat.
   * @throws MedsealError `STATE_STALE` where a newer state is kept, or another of this number.
   */
  async keep(kept: Kept): Promise<void> {
    if (kept.state === undefined) {
      await this.#write(kept);
      return;
    }
    const { handle, revision, hash } = kept.state;
    await this.#lock.run(handle, async () => {
      const known = await this.state(handle);
      const older = known !== undefined && known.revision >= revision;
      if (older && (known.revision > revision || known.hash !== hash)) {
        throw new MedsealError('STATE_STALE', {});
      }
      await this.#write(kept);
    });
  }

  async #write(kept: Kept): Promise<void> {
    const puts: [string, unknown][] = [];
    for (const packet of kept.packets ?? []) {
      puts.push([`packet/${packet.grant}/${number(packet.epoch)}`, packet.packet]);
    }
    if (kept.commitment) {
      const { handle, root, sheets } = kept.commitment;
      for (const { sheet, proof } of sheets) {
        puts.push([sheetKey({ handle, epoch: sheet.epoch, root }), { sheet, proof }]);
      }
    }
    if (kept.state) {
      const { handle, ...state } = kept.state;
      puts.push([`state/${handle}`, state]);
    }
    if (kept.card) puts.push([`card/${kept.card.party}`, kept.card]);
    await this.#database.batch(
      puts.map(([key, value]) => ({ type: 'put', key, value: JSON.stringify(value) })),
      SYNCED,
    );
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
      return { grant, epoch: Number(key.slice(key.lastIndexOf('/') + 1)), packet };
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

  async #get(key: string, what: string): Promise<unknown> {
    const text = await this.#database.get(key);
    if (text === undefined) throw new MedsealError('NOT_FOUND', { what });
    return JSON.parse(text);
  }
}

interface SheetWanted {
  readonly handle: Handle;
  readonly epoch: number;
  readonly root: Bytes32;
}

/** A commitment that the ledger does not take, or not yet, leaves the sheets of another where they are. */
function sheetKey({ handle, epoch, root }: SheetWanted): string {
  return `sheet/${handle}/${number(epoch)}/${root}`;
}

/** A number whose texts sort as it does. */
function number(value: number): string {
  return value.toString().padStart(12, '0');
}
