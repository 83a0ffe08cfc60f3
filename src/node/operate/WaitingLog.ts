import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { failureFields } from './failureFields.ts';
import type { LogFields, Logger } from './Logger.ts';

/** Milliseconds between two lines about the same wait. */
const EVERY = 60_000;

/** Logs what a node waits for: at once, again if the reason changes, and otherwise once a minute. */
export class WaitingLog {
  readonly #log: Logger;
  readonly #clock: Clock;
  #reason = '';
  #began = 0;
  #told = 0;

  /**
   * @param log - Takes the lines.
   * @param clock - Tells how long a wait takes.
   */
  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Notes that the node still waits.
   *
   * @param event - The name of the wait, such as `waiting for the ledger`.
   * @param error - The reason.
   * @param fields - Further fields of the line, which tell this reason from another.
   */
  waits(event: string, error: unknown, fields: LogFields = {}): void {
    const reason = [event, toMedsealError(error).code, ...Object.values(fields)].join(' ');
    const now = this.#clock.now();
    if (reason !== this.#reason) {
      this.#reason = reason;
      this.#began = now;
    } else if (now - this.#told < EVERY) {
      return;
    }
    this.#told = now;
    const seconds = Math.round((now - this.#began) / 1000);
    this.#log.warn(event, { ...failureFields(error), ...fields, ...(seconds > 0 && { seconds }) });
  }
}
