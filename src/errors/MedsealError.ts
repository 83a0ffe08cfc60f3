import { catalogue, type ErrorCode, type ErrorDetails } from './catalogue.ts';
import { visibleText } from './visibleText.ts';

/** An error as it crosses a port or the network: RFC 9457 problem details with a stable `code`. */
export interface Problem {
  /** URI reference that names the kind of problem; `urn:medseal:error:<CODE>`. */
  readonly type: string;
  /** HTTP status that fits the problem. */
  readonly status: number;
  /** Stable code to program against. */
  readonly code: ErrorCode;
  /** Sentence that says what happened, for a person; never holds patient data or a secret. */
  readonly detail: string;
  /** Advice: what the caller can do about it. */
  readonly next: string;
  /** The named values that `detail` was written from. */
  readonly values: Readonly<Record<string, string | number>>;
}

/**
 * The one error that Medseal throws on purpose: a code from the catalogue, and the values that its text names.
 *
 * @example
 * ```ts
 * throw new MedsealError('PORT_IN_USE', { port: 8484 });
 * ```
 */
export class MedsealError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'MedsealError';
  /** Stable code to program against. */
  readonly code: Code;
  /** HTTP status that fits the error. */
  readonly status: number;
  /** True if the same call may succeed later, unchanged. */
  readonly retry: boolean;
  /** Advice: what the caller can do about it. */
  readonly next: string;
  /** The named values that the message was written from. */
  readonly values: ErrorDetails<Code>;
  /** Not a property that is listed, so that no log and no JSON of the error has it. */
  readonly #evidence: object | undefined;

  /**
   * @param code - A row of the catalogue.
   * @param values - The values that the row's text names; ids and numbers, never patient data or secrets.
   * @param options - The error that caused this one, kept for logs, and evidence of what happened; neither is ever sent
   * to a peer.
   */
  constructor(
    code: Code,
    values: ErrorDetails<Code>,
    options: { cause?: unknown; evidence?: object } = {},
  ) {
    const row = catalogue[code] as {
      status: number;
      retry: boolean;
      next: string;
      text: (values: ErrorDetails<Code>) => string;
    };
    // Values come from others as well; the message is a line that can be shown and logged.
    super(visibleText(row.text(values)), options);
    this.code = code;
    this.status = row.status;
    this.retry = row.retry;
    this.next = row.next;
    this.values = values;
    this.#evidence = options.evidence;
  }

  /** Evidence of what happened, for whoever caught the error; never sent to a peer. */
  get evidence(): object | undefined {
    return this.#evidence;
  }

  /** The error as a value that can cross a port. */
  toProblem(): Problem {
    return {
      type: `urn:medseal:error:${this.code}`,
      status: this.status,
      code: this.code,
      detail: this.message,
      next: this.next,
      values: this.values as Problem['values'],
    };
  }
}
