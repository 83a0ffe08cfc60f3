import { MedsealError } from '../../errors/MedsealError.ts';
import type { SentLetter } from '../../protocol/AgentPort.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import { parseRow } from '../../database/parseRow.ts';
import { SENT_LETTER } from '../../protocol/shapes/askedShapes.ts';
import { SYNCED, type RowChange, type ServiceDatabase } from '../../database/synced.ts';
import {
  BY_SENDER,
  BY_STEP,
  fromKey,
  letterKey,
  lettersTo,
  readFromKey,
  readStepKey,
  sentBy,
  stepKey,
  tellingOf,
  untilKey,
  waitingUntil,
} from './letterKeys.ts';

/** Largest number of letters of one party that wait for their readers. */
const MOST_SENT = 256;
/** Largest number of letters of one party that wait for one reader: it takes 32 parties to fill a box. */
export const MOST_TO_ONE = 32;
/** Largest number of letters that wait for one party, whoever sent them. */
export const MOST_WAITING = 1024;
/**
 * Number of letters that wait for one party before a letter is refused, by the giver of the right that stands between
 * sender and reader: nobody else can fill the room of those to whom the reader gave a right.
 */
export const ROOM = {
  nobody: MOST_WAITING / 2,
  sender: (3 * MOST_WAITING) / 4,
  reader: MOST_WAITING,
} as const;
/** Number of letters in one page. */
const PAGE = 64;

/** A letter by its name. */
export interface NamedLetter {
  /** EIP-712 digest of its request. */
  readonly id: Bytes32;
  readonly letter: SentLetter;
}

/** A letter that is to be kept. */
export interface StoredLetter extends NamedLetter {
  /**
   * The one that gave the other a right that stands; `nobody` if sender and reader are strangers; `step` if the letter tells its
   * reader of a step on the ledger: such letters count for no quota, and one of each step waits.
   */
  readonly giver: keyof typeof ROOM | 'step';
}

/**
 * A node's durable store of letters that wait for their readers: sealed, each until its day, and no more of them than
 * quotas allow.
 */
export class LetterStore {
  readonly #database: ServiceDatabase;
  readonly #lock = new KeyedLock();

  /** @param database - The organisation's own. */
  constructor(database: ServiceDatabase) {
    this.#database = database;
  }

  /**
   * Keeps a letter in a synced write; safe to repeat.
   * @param letter - The checked letter.
   * @param at - The moment, Unix seconds: letters whose day has passed do not count.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  async keep({ id, letter, giver }: StoredLetter, at: number): Promise<void> {
    const { party: from, message } = letter.request;
    const { to } = message;
    await this.#lock.run(from, async () => {
      if ((await this.#database.get(letterKey({ to, id }))) !== undefined) return;
      if (giver === 'step') {
        await this.#keepTelling({ id, letter });
        return;
      }
      const sent = await this.#waiting(sentBy(from), at, MOST_SENT);
      const waiting = await this.#waiting(waitingUntil(to), at, MOST_WAITING);
      const toOne = await this.#waiting(sentBy(from, to), at, MOST_TO_ONE);
      if (sent >= MOST_SENT || waiting >= ROOM[giver] || toOne >= MOST_TO_ONE) {
        throw new MedsealError('QUOTA_SPENT', { what: 'letters' });
      }
      // It was not proven here to tell of a step: it counts like any other.
      const { step: _, ...plain } = letter;
      await this.#database.batch(putting({ id, letter: plain }), SYNCED);
    });
  }

  /** Keeps a letter that tells of a step in the place of an earlier one that does. */
  async #keepTelling({ id, letter }: NamedLetter): Promise<void> {
    const { to, until } = letter.request.message;
    const { step = '' } = letter;
    const gone: RowChange<string>[] = [];
    for await (const [key, value] of this.#database.iterator(tellingOf(to, step))) {
      // Its sender signed that one later.
      if (Number(value) > until) return;
      gone.push(...rowsOfStep(to, step, readStepKey(key).id));
    }
    await this.#database.batch([...gone, ...putting({ id, letter })], SYNCED);
  }

  /**
   * Forgets letters that their reader has taken. Safe to repeat.
   * @param to - The reader.
   * @param taken - Their ids.
   */
  async forget(to: Address, taken: readonly Bytes32[]): Promise<void> {
    for (const id of taken) {
      const text = await this.#database.get(letterKey({ to, id }));
      if (text === undefined) continue;
      const { request, step } = parseRow(SENT_LETTER, text);
      const rows = step === undefined ? rowsOf(request.party, to, id) : rowsOfStep(to, step, id);
      await this.#database.batch(rows, SYNCED);
    }
  }

  /** Letters that wait for a party, one page at once. */
  async waitingFor(to: Address, at: number): Promise<readonly SentLetter[]> {
    const page: SentLetter[] = [];
    for await (const text of this.#database.values(lettersTo(to))) {
      const letter = parseRow(SENT_LETTER, text);
      if (letter.request.message.until >= at) page.push(letter);
      if (page.length === PAGE) break;
    }
    return page;
  }

  /** Tells whether a letter of somebody else waits for a party. */
  async hasFromOthers(to: Address, at: number): Promise<boolean> {
    for await (const text of this.#database.values(lettersTo(to))) {
      const { party: from, message } = parseRow(SENT_LETTER, text).request;
      if (from !== to && message.until >= at) return true;
    }
    return false;
  }

  /** Forgets letters whose day has passed. */
  async collect(at: number): Promise<void> {
    for await (const [key, until] of this.#database.iterator(BY_SENDER)) {
      if (Number(until) >= at) continue;
      const { from, to, id } = readFromKey(key);
      await this.#database.batch(rowsOf(from, to, id), SYNCED);
    }
    for await (const [key, until] of this.#database.iterator(BY_STEP)) {
      if (Number(until) >= at) continue;
      const { to, step, id } = readStepKey(key);
      await this.#database.batch(rowsOfStep(to, step, id), SYNCED);
    }
  }

  async #waiting(range: ReturnType<typeof sentBy>, at: number, most: number): Promise<number> {
    let waiting = 0;
    for await (const until of this.#database.values(range)) {
      if (Number(until) >= at) waiting += 1;
      if (waiting >= most) break;
    }
    return waiting;
  }
}

/**
 * The rows that keep a letter: itself, and until when it waits, by reader and by sender, or by the step that it tells of.
 *
 * @param letter - The letter.
 */
export function letterRows({
  id,
  letter,
}: NamedLetter): readonly (readonly [key: string, value: string])[] {
  const { party: from, message } = letter.request;
  const { to, until } = message;
  const { step } = letter;
  const itself = [letterKey({ to, id }), JSON.stringify(letter)] as const;
  if (step !== undefined) return [itself, [stepKey({ to, step, id }), String(until)]];
  return [
    itself,
    [untilKey({ to, id }), String(until)],
    [fromKey({ from, to, id }), String(until)],
  ];
}

function rowsOf(from: string, to: string, id: string): RowChange<string>[] {
  const keys = [letterKey({ to, id }), untilKey({ to, id }), fromKey({ from, to, id })];
  return keys.map((key) => ({ type: 'del', key }));
}

function rowsOfStep(to: string, step: string, id: string): RowChange<string>[] {
  const keys = [letterKey({ to, id }), stepKey({ to, step, id })];
  return keys.map((key) => ({ type: 'del', key }));
}

function putting(letter: NamedLetter): RowChange<string>[] {
  return letterRows(letter).map(([key, value]) => ({ type: 'put', key, value }));
}
