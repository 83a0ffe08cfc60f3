import type { DepositedPacket, PartyCard } from '../../protocol/AgentPort.ts';
import type { ProvenSheet } from '../../protocol/rights/epochs.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { PROVEN_SHEET } from '../../protocol/shapes/askedShapes.ts';
import { exactRow } from '../../database/exactRow.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import type { Revoke, Signed } from '../../protocol/struct/requests.ts';
import { sheetsRoot } from '../../protocol/rights/sheetsRoot.ts';
import type { DepositCopy, DepositPage } from '../ports.ts';
import { charge } from './charge.ts';
import { endingIn } from './endingIn.ts';
import { granteeIn } from './granteeIn.ts';
import { handleOfDeposit } from './handleOfDeposit.ts';
import type { DepositFeed, DepositFeedOptions, SourceRow } from './DepositFeed.ts';
import {
  cardKey,
  endingKey,
  patientDepositKey,
  givenKey,
  LISTED,
  LISTED_WITH_ENDS,
  packetKey,
  sheetKey,
  stateKey,
} from './depositKeys.ts';
import { cardIn, type CardRow } from './depositRows.ts';
import { isAsDeposited, stateIn, type StateRow } from './stateIn.ts';

/** Number of copies in one answer, and of characters of packets, sheets and states, unless one copy alone has more. */
const MOST = 256;
const MOST_TEXT = 4 * 2 ** 20;

/** Row that lists a grant by its grantee, with the first second at which the right no longer holds. */
export interface GivenRow {
  readonly key: string;
  readonly until: number;
}

/** Result of examining a deposit. */
export interface ExaminedCopy {
  readonly id: Bytes32;
  /** True if all of it is there and as it was, in its place. */
  readonly sound: boolean;
  /** Absent if a part of it is missing. */
  readonly copy?: DepositCopy;
  /** Row that lists it by grantee, if it is a grant. */
  readonly given?: GivenRow;
}

/** Copies of a node's deposits, reassembled for a peer. */
export class DepositCopies {
  readonly #options: DepositFeedOptions;
  readonly #feed: DepositFeed;

  /**
   * @param options - The store's database.
   * @param feed - The order in which all came.
   */
  constructor(options: DepositFeedOptions, feed: DepositFeed) {
    this.#options = options;
    this.#feed = feed;
  }

  /** Returns the deposits that came after a place, some hundred at once. */
  async after(place: number): Promise<DepositPage> {
    return await this.#feed.after(place);
  }

  /** Has peers read all of it again, for a store that lost what came last. */
  async renew(): Promise<void> {
    await this.#feed.renew();
  }

  /** Tells whether these are kept, in their order. */
  async knows(ids: readonly Bytes32[]): Promise<readonly boolean[]> {
    return await this.#feed.knows(ids);
  }

  /**
   * Returns the deposits of these names, from the first on, as many as fit in one answer; null for one that is not
   * kept.
   */
  async give(ids: readonly Bytes32[]): Promise<readonly (DepositCopy | null)[]> {
    const copies: (DepositCopy | null)[] = [];
    let length = 0;
    for (const id of ids.slice(0, MOST)) {
      const copy = await this.#whole(id);
      length += copy === undefined ? 0 : JSON.stringify(copy).length;
      if (length > MOST_TEXT && copies.length > 0) break;
      copies.push(copy ?? null);
    }
    return copies;
  }

  /** Names of the deposits, each with whether it is complete and unaltered, and with the deposit if it is there. */
  async *examine(): AsyncIterable<ExaminedCopy> {
    for await (const id of this.#feed.ids()) {
      const copy = await this.#whole(id);
      const given = await this.#givenRow(id);
      const sound =
        copy !== undefined &&
        (await this.#feed.isListed(id)) &&
        (await this.#isCharged(id, copy)) &&
        (await this.#isGiven(given)) &&
        (await this.#isEnding(id, copy)) &&
        (await this.#isSource(id, copy));
      yield { id, sound, ...(copy && { copy }), ...(given !== undefined && { given }) };
    }
  }

  async #givenRow(id: Bytes32): Promise<GivenRow | undefined> {
    const source = await this.#feed.source(id);
    const known = source && granteeIn(source);
    return known && { key: givenKey({ ...known, source: id }), until: known.until };
  }

  /** Tells whether a grant is listed by its grantee with its end, if grants are listed so yet. */
  async #isGiven(row: GivenRow | undefined): Promise<boolean> {
    const { database } = this.#options;
    if (row === undefined || (await database.get(LISTED)) !== LISTED_WITH_ENDS) return true;
    return (await database.get(row.key)) === String(row.until);
  }

  /** Tells whether the row of an end of a right names this source, or another one that is there. */
  async #isEnding(id: Bytes32, copy: DepositCopy): Promise<boolean> {
    const ending = endingIn(copy);
    if (ending === undefined) return true;
    const { grant } = ending.message;
    const named = exactRow(await this.#options.database.get(endingKey(grant)));
    if (named === id) return true;
    const other = typeof named === 'string' ? await this.#feed.source(named as Bytes32) : undefined;
    return other !== undefined && endingIn(other.copy)?.message.grant === grant;
  }

  /** Tells whether it counts in its patient's quota as it should, if quotas are counted yet. */
  async #isCharged(id: Bytes32, copy: DepositCopy): Promise<boolean> {
    const handle = handleOfDeposit(copy);
    const { database } = this.#options;
    if (handle === undefined || (await database.get(LISTED)) === undefined) return true;
    return (await database.get(patientDepositKey({ handle, id }))) === String(charge(copy));
  }

  /** Tells whether the rows of a state or a card name this source, or another one that is there. */
  async #isSource(id: Bytes32, copy: DepositCopy): Promise<boolean> {
    if ('card' in copy) {
      const row = await this.#cardRow(copy.card.party);
      return row?.source === undefined || row.source === id;
    }
    if (!('patient' in copy)) return true;
    const { handle } = copy.patient.request.message;
    const row = await this.#stateRow(handle);
    return row === undefined || (await isAsDeposited(this.#feed, row));
  }

  async #stateRow(handle: Handle): Promise<StateRow | undefined> {
    const { database, primitives } = this.#options;
    return stateIn(primitives, await database.get(stateKey(handle)));
  }

  async #cardRow(party: Address): Promise<CardRow | undefined> {
    return cardIn(await this.#options.database.get(cardKey(party)));
  }

  /** Something that is kept; undefined if a part of it is lost or was altered. */
  async #whole(id: Bytes32): Promise<DepositCopy | undefined> {
    const source = await this.#feed.source(id);
    if (source === undefined) return undefined;
    const { copy } = source;
    if ('card' in copy) return (await this.#hasCard(copy.card)) ? copy : undefined;
    // It has no other rows: its own has its hash.
    if ('care' in copy) return copy;
    const packets = await this.#packets(source);
    if ('patient' in copy) return await this.#ofPatient(copy.patient.request, packets, source);
    const { request, keep } = copy.submission;
    if (request.type === 'CommitEpochs') {
      const sheets = await this.#sheets(source);
      return sheets && { submission: { request, sheets } };
    }
    const { packets: hash } =
      request.type === 'Revoke' ? (request.message as Revoke) : (keep?.message ?? {});
    return this.#bound(packets, hash) && { submission: { ...copy.submission, packets } };
  }

  async #ofPatient(
    request: Signed<'Keep'>,
    packets: readonly DepositedPacket[],
    source: SourceRow,
  ): Promise<DepositCopy | undefined> {
    if (!this.#bound(packets, request.message.packets)) return undefined;
    if (source.state === undefined) return { patient: { request, packets } };
    const row = await this.#stateRow(source.state.handle);
    if (row === undefined) return undefined;
    if (row.source !== source.id) return { patient: { request, packets } };
    return { patient: { request, packets, state: row.sealed } };
  }

  /** Tells whether packets are those that a request names; a request that names no packets has no packets. */
  #bound(packets: readonly DepositedPacket[], hash: Bytes32 | undefined): true | undefined {
    const { primitives } = this.#options;
    if (hash === undefined ? packets.length === 0 : packetsHash(primitives, packets) === hash) {
      return true;
    }
    return undefined;
  }

  async #packets({ id, packets, revision }: SourceRow): Promise<readonly DepositedPacket[]> {
    const keys = packets.map((packet) => packetKey({ ...packet, revision, source: id }));
    const rows = await this.#options.database.getMany(keys);
    return packets.flatMap((packet, i) => {
      const text = exactRow(rows[i]);
      return typeof text === 'string' ? [{ ...packet, packet: text }] : [];
    });
  }

  async #sheets({ sheets }: SourceRow): Promise<readonly ProvenSheet[] | undefined> {
    if (sheets === undefined) return undefined;
    const { handle, root, epochs } = sheets;
    const keys = epochs.map((epoch) => sheetKey({ handle, epoch, root }));
    const rows: readonly unknown[] = (await this.#options.database.getMany(keys)).map((row) =>
      exactRow(row),
    );
    if (!isOfShape([PROVEN_SHEET], rows)) return undefined;
    const whole = succeeds(
      () =>
        sheetsRoot(
          this.#options.primitives,
          rows.map(({ sheet }) => sheet),
        ) === root,
    );
    return whole ? rows : undefined;
  }

  async #hasCard({ party, recipient, keyChanges = [] }: PartyCard): Promise<boolean> {
    const row = await this.#cardRow(party);
    return (
      row?.recipient === recipient &&
      canonicalJson(row.keyChanges ?? []) === canonicalJson(keyChanges)
    );
  }
}
