import { evidenceOfRefusal } from '../client/submit.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { Acknowledgement } from '../protocol/evidence.ts';

/** What became of a step. */
export type StepOutcome = 'accepted' | 'refused';

/** A step that was done, as it is printed. */
export interface StepResult {
  readonly name: string;
  /** The paper's element that it is, such as `P2.5`. */
  readonly paper: string;
  /** Who did it. */
  readonly party: string;
  readonly outcome: StepOutcome;
  readonly expected: StepOutcome;
  /** Why it was refused. */
  readonly code?: ErrorCode;
  /** One line for a person: what was done. */
  readonly detail?: string;
  /** The ledger's transaction for it. */
  readonly txHash?: string;
  /** The log that holds it, and where. */
  readonly log?: string;
  readonly index?: number;
  readonly ms: number;
}

/** What a step leaves for the next ones, and for the eye. */
export interface StepEffect<Value> {
  readonly value: Value;
  readonly detail?: string;
  readonly txHash?: string;
  readonly evidence?: Acknowledgement;
}

/** A step went otherwise than the papers have it; the scenario ends there. */
export class UnexpectedOutcome extends Error {
  override readonly name = 'UnexpectedOutcome';
}

/** Does steps, one after the other, and notes what became of each. */
export class StepRunner {
  readonly results: StepResult[] = [];
  /** The entries that steps became, refusals among them. */
  readonly entries: Acknowledgement[] = [];
  readonly #now: () => number;
  readonly #onStep: (result: StepResult) => void;

  /**
   * @param now - Milliseconds, monotonic.
   * @param onStep - Told of each step when it is done.
   */
  constructor(now: () => number, onStep: (result: StepResult) => void) {
    this.#now = now;
    this.#onStep = onStep;
  }

  /**
   * Does a step that must be accepted.
   * @throws UnexpectedOutcome where it is refused.
   */
  async accepted<Value>(
    about: Pick<StepResult, 'name' | 'paper' | 'party'>,
    run: () => Promise<StepEffect<Value>>,
  ): Promise<Value> {
    const begun = this.#now();
    let effect: StepEffect<Value>;
    try {
      effect = await run();
    } catch (error) {
      throw this.#noteRefusal({ ...about, expected: 'accepted' }, begun, error);
    }
    const { value, detail, txHash, evidence } = effect;
    if (evidence !== undefined) this.entries.push(evidence);
    this.#note({
      ...about,
      outcome: 'accepted',
      expected: 'accepted',
      ...(detail !== undefined && { detail }),
      ...(txHash !== undefined && { txHash }),
      ...(evidence && { log: evidence.log, index: evidence.index }),
      ms: this.#now() - begun,
    });
    return value;
  }

  /**
   * Does a step that must be refused.
   * @throws UnexpectedOutcome where it is accepted, or refused for another reason.
   */
  async refused(
    about: Pick<StepResult, 'name' | 'paper' | 'party'>,
    codes: readonly ErrorCode[],
    run: () => Promise<unknown>,
  ): Promise<void> {
    const begun = this.#now();
    try {
      await run();
    } catch (error) {
      const unexpected = this.#noteRefusal({ ...about, expected: 'refused' }, begun, error);
      const code = toMedsealError(error).code;
      if (!codes.includes(code)) throw unexpected;
      return;
    }
    const ms = this.#now() - begun;
    this.#note({ ...about, outcome: 'accepted', expected: 'refused', ms });
    throw new UnexpectedOutcome(about.name);
  }

  #noteRefusal(
    about: Pick<StepResult, 'name' | 'paper' | 'party' | 'expected'>,
    begun: number,
    thrown: unknown,
  ): UnexpectedOutcome {
    const error = toMedsealError(thrown);
    const evidence = evidenceOfRefusal(thrown);
    if (evidence !== undefined) this.entries.push(evidence);
    this.#note({
      ...about,
      outcome: 'refused',
      code: error.code,
      detail: error.message,
      ...(evidence && { log: evidence.log, index: evidence.index }),
      ms: this.#now() - begun,
    });
    return new UnexpectedOutcome(about.name, { cause: thrown });
  }

  #note(result: StepResult): void {
    const rounded = { ...result, ms: Math.round(result.ms * 10) / 10 };
    this.results.push(rounded);
    this.#onStep(rounded);
  }
}
