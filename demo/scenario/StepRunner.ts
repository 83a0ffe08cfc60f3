import { evidenceOfRefusal } from '../../src/client/agent/submit.ts';
import type { ErrorCode } from '../../src/errors/catalogue.ts';
import { toMedsealError } from '../../src/errors/toMedsealError.ts';
import type { Acknowledgement, Receipt } from '../../src/protocol/evidence/evidence.ts';

/** Outcome of a step. */
export type StepOutcome = 'accepted' | 'refused';

/** A step that was done, as it is printed. */
export interface StepResult {
  readonly name: string;
  /** The paper's element that it is, such as `P2.5`. */
  readonly paper: string;
  /** Party that did it. */
  readonly party: string;
  readonly outcome: StepOutcome;
  readonly expected: StepOutcome;
  /** Why it was refused. */
  readonly code?: ErrorCode;
  /** One line for a person: what was done. */
  readonly detail?: string;
  /** The ledger's transaction for it. */
  readonly txHash?: string;
  /** The log that holds it, and where; the last, where it became several entries. */
  readonly log?: string;
  readonly index?: number;
  /** All entries that it became, such as `care/hospital#3`; absent if it became one or none. */
  readonly entries?: readonly string[];
  /** Number of entries that the checkpoint of its receipt covers, if the receipt was waited for. */
  readonly checkpoint?: number;
  readonly ms: number;
}

/** Result of a step for the next ones, and details to show. */
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
  readonly #settle: (evidence: Acknowledgement) => Promise<Receipt | undefined>;
  /** Entries heard of since the last step. */
  #heard: Acknowledgement[] = [];

  /**
   * @param now - Milliseconds, monotonic.
   * @param onStep - Told of each step when it is done.
   * @param settle - Waits for the receipt of a step's entry before the step counts as done; not waited for where it
   * gives none.
   */
  constructor(
    now: () => number,
    onStep: (result: StepResult) => void,
    settle: (evidence: Acknowledgement) => Promise<Receipt | undefined> = async () =>
      await Promise.resolve(undefined),
  ) {
    this.#now = now;
    this.#onStep = onStep;
    this.#settle = settle;
  }

  /** Takes an entry of the step that is being done; `hearEntries` has a party's requests bring them. */
  readonly hear = (entry: Acknowledgement): void => void this.#heard.push(entry);

  /**
   * Does a step that must be accepted.
   * @throws UnexpectedOutcome if it is refused.
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
      throw await this.#noteRefusal({ ...about, expected: 'accepted' }, begun, error);
    }
    const { value, detail, txHash, evidence } = effect;
    const placed = await this.#enter(evidence);
    this.#note({
      ...about,
      outcome: 'accepted',
      expected: 'accepted',
      ...(detail !== undefined && { detail }),
      ...(txHash !== undefined && { txHash }),
      ...placed,
      ms: this.#now() - begun,
    });
    return value;
  }

  /**
   * Does a step that must be refused.
   * @throws UnexpectedOutcome if it is accepted, or refused for another reason.
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
      const unexpected = await this.#noteRefusal({ ...about, expected: 'refused' }, begun, error);
      const code = toMedsealError(error).code;
      if (!codes.includes(code)) throw unexpected;
      return;
    }
    const ms = this.#now() - begun;
    this.#note({ ...about, outcome: 'accepted', expected: 'refused', ms });
    throw new UnexpectedOutcome(about.name);
  }

  /** Returns the places of a step's entries, once they are as certain as wanted. */
  async #enter(
    evidence: Acknowledgement | undefined,
  ): Promise<Pick<StepResult, 'log' | 'index' | 'entries' | 'checkpoint'>> {
    const entries = new Map(this.#heard.map((entry) => [placeOf(entry), entry]));
    this.#heard = [];
    const last = evidence ?? [...entries.values()].at(-1);
    if (last === undefined) return {};
    entries.set(placeOf(last), last);
    let receipt: Receipt | undefined;
    for (const entry of entries.values()) {
      this.entries.push(entry);
      const settled = await this.#settle(entry);
      if (entry === last) receipt = settled;
    }
    const { log, index } = last;
    return {
      log,
      index,
      ...(entries.size > 1 && { entries: [...entries.keys()] }),
      ...(receipt && { checkpoint: receipt.checkpoint.size }),
    };
  }

  async #noteRefusal(
    about: Pick<StepResult, 'name' | 'paper' | 'party' | 'expected'>,
    begun: number,
    thrown: unknown,
  ): Promise<UnexpectedOutcome> {
    const error = toMedsealError(thrown);
    const placed = await this.#enter(evidenceOfRefusal(thrown));
    this.#note({
      ...about,
      outcome: 'refused',
      code: error.code,
      detail: error.message,
      ...placed,
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

function placeOf({ log, index }: Acknowledgement): string {
  return `${log}#${index}`;
}
