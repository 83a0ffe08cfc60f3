/** A command as a shell completes it. */
export interface Completed {
  /** The words that lead to it, `medseal` not among them; empty for the program itself. */
  readonly path: readonly string[];
  readonly about: string;
  /** Commands that can follow it. */
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly {
    readonly long: string;
    readonly about: string;
    /** True if a value follows. */
    readonly value: boolean;
  }[];
}
