import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog, RequestName } from '../../log/EvidenceLog.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { parseRow } from '../../database/parseRow.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { answerKey, answersBefore } from './coordinatorKeys.ts';
import { STORED_ANSWER, type StoredAnswer } from './coordinatorRows.ts';
import { wentBeyond } from '../entries/wentBeyond.ts';

/** Answer of an entry to a request. */
export interface RememberedVerdict extends RequestName {
  /** The log that the request names. */
  readonly log: LogName;
  readonly flag: Body['flag'];
}

/**
 * Answers to requests that a coordinator has agreed to. It agrees to one answer, accepted or refused, and to none if
 * the log has answered already. An entry that got too few verdicts may be judged again with the same flag.
 */
export class Answers {
  readonly #database: ServiceDatabase;
  readonly #logs: ReadonlyMap<LogName, EvidenceLog>;
  /** Answers that are being judged, so that two cannot pass each other. */
  readonly #pending = new Map<Bytes32, { readonly flag: Body['flag']; count: number }>();

  /**
   * @param database - The coordinator's own.
   * @param logs - The organisation's own log and its copies of the others.
   */
  constructor(database: ServiceDatabase, logs: ReadonlyMap<LogName, EvidenceLog>) {
    this.#database = database;
    this.#logs = logs;
  }

  /**
   * Takes answers until `settle`; all of them are looked up at once.
   * @param log - The log of all of them.
   * @param answers - Answers of the entries.
   * @returns In their order `ANSWER_DISPUTED` if another answer was given, or undefined.
   */
  async takeAll(
    log: LogName,
    answers: readonly RememberedVerdict[],
  ): Promise<readonly (MedsealError | undefined)[]> {
    if (answers.length === 0) return [];
    // Before the rows are read: an answer that is settled by now has its row there, and a later one sees this.
    const free = answers.map((answer) => this.#begin(answer));
    try {
      const held = this.#logs.get(log);
      const [rows, answered = []] = await Promise.all([
        this.#database.getMany(answers.map(answerKey)),
        held?.answeredAt(answers),
      ]);
      const taking = answers.map(async (answer, i) => {
        const row = rows[i];
        const stored = row === undefined ? undefined : parseRow(STORED_ANSWER, row);
        const agrees =
          stored === undefined || stored.flag === answer.flag || (await isVoid(stored));
        if (free[i] === true && agrees && answered[i] === undefined) return undefined;
        if (free[i] === true) this.settle(answer);
        return new MedsealError('ANSWER_DISPUTED', {});
      });
      return await Promise.all(taking);

      async function isVoid({ includeBy }: StoredAnswer): Promise<boolean> {
        return held !== undefined && (await wentBeyond(held, includeBy));
      }
    } catch (error) {
      for (const [i, answer] of answers.entries()) if (free[i] === true) this.settle(answer);
      throw error;
    }
  }

  /** The row that keeps an answer. */
  row(
    answer: RememberedVerdict,
    includeBy: number,
  ): { readonly key: string; readonly value: string } {
    const { flag } = answer;
    return {
      key: answerKey(answer),
      value: JSON.stringify({ flag, includeBy } satisfies StoredAnswer),
    };
  }

  /** Ends the judging of an answer that was taken: its row is kept, or will not be. */
  settle({ request }: RememberedVerdict): void {
    const pending = this.#pending.get(request);
    if (pending === undefined) return;
    pending.count -= 1;
    if (pending.count === 0) this.#pending.delete(request);
  }

  /** Forgets answers to requests whose deadline has passed, and that nobody judges any more. */
  async forget(before: number): Promise<void> {
    await this.#database.clear(answersBefore(before));
  }

  #begin({ request, flag }: RememberedVerdict): boolean {
    const pending = this.#pending.get(request);
    if (pending === undefined) this.#pending.set(request, { flag, count: 1 });
    else if (pending.flag === flag) pending.count += 1;
    else return false;
    return true;
  }
}
