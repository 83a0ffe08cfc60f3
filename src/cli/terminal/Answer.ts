/** What a verb has to say when it is done. */
export interface Answer {
  /** Whether all is as it must be; true where absent. The exit code is 1 otherwise. */
  readonly ok?: boolean;
  /** For programs. */
  readonly value: object;
  /** For people; empty where all was said already. */
  readonly text: string;
  /** Whether programs take the text too, so that no line of it is broken on a terminal. */
  readonly verbatim?: boolean;
}
