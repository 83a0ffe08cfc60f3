/** The user of a verb, as a port: questions, and texts beside the answer. */
export interface Terminal {
  /**
   * Shows in plain words what is to be signed, and asks; what was confirmed on the command line is only shown.
   * @param lines - Its text; each is shown as one line.
   * @param question - `Sign this?` if absent.
   * @throws MedsealError `NOT_CONFIRMED`.
   */
  confirm(lines: readonly string[], question?: string): Promise<void>;
  /**
   * Asks for a line.
   * @param question - Such as `Phrase`.
   * @param options - `secret`: nothing of what is typed is shown.
   * @throws MedsealError `ARGUMENT_INVALID` if nobody sits at a terminal, with what to do then.
   */
  ask(
    question: string,
    options: { readonly secret?: boolean; readonly otherwise: string },
  ): Promise<string>;
  /**
   * Prints lines on standard output, and resolves once they are taken. Text that others wrote cannot end a line or
   * drive the terminal.
   * @param lines - Each is shown as one line, or folded on a terminal that is too narrow.
   * @param options - `verbatim`: programs take them too, so none is folded or cut.
   */
  printLines(lines: readonly string[], options?: { readonly verbatim?: boolean }): Promise<void>;
  /**
   * Prints a JSON document on a line of standard output, and resolves once it is taken.
   * @param value - Its content.
   * @param indent - By how many spaces, if it may have several lines.
   */
  printJson(value: object, indent?: number): Promise<void>;
  /**
   * Prints the next bytes of a record on standard output, and resolves once they are taken: exactly these bytes, but on
   * a terminal as visible text.
   */
  printBytes(content: Uint8Array): Promise<void>;
  /** Bytes that are piped into the command. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Says something, in one line, that is not part of the answer. */
  note(text: string): void;
  readonly progress: Progress;
  /** States that from now on something may be signed or changed; `confirm` states it too, once the answer is yes. */
  changing(): void;
  /** States what is certain if the command is interrupted from now on; it replaces what was stated before. */
  certain(text: string): void;
  /** Cost of guessing a new passphrase, if it is not the usual one. */
  readonly passphrases?: { readonly workFactor: number };
}

/** A terminal, as the command's runner sees it. */
export interface OpenTerminal extends Terminal {
  /** Tells whether something may have been signed or changed, and what was stated as certain. */
  standing(): { readonly changes: boolean; readonly certain?: string };
}

/** Says what takes long, once it does. */
export interface Progress {
  /** Names the present stage, such as `sealing`. */
  stage(text: string): void;
  /**
   * Counts bytes as they go by.
   * @param content - The stream.
   * @param total - Number of all its bytes, if it is known.
   */
  counted(content: AsyncIterable<Uint8Array>, total?: number): AsyncIterable<Uint8Array>;
  /** Makes room for something else on the terminal; it may go on afterwards. */
  hide(): void;
  /**
   * Says nothing while something else has the terminal, such as a question.
   * @param work - The work that has it; its time is not told.
   */
  aside<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Nothing more is said. Safe to repeat. */
  end(): void;
}
