import type { Shape } from '../../protocol/wire/findShapeError.ts';
import type { Of } from '../../protocol/struct/Of.ts';

/** Answer of a verb whose value has a shape. */
export type AnswerOf<S extends Shape> = CommandAnswer<Of<S>>;

/** Answer of a verb when it is done. */
export interface CommandAnswer<Value = object> {
  /** True if no faults were found; true if absent. The exit code is 1 otherwise. */
  readonly ok?: boolean;
  /** True if the same may give more later; the exit code is 3 then, whatever `ok` is. */
  readonly again?: boolean;
  /** For programs. */
  readonly value: Value;
  /** For people, each shown as one line whatever is in it; none if all was said already. */
  readonly lines: readonly string[];
  /** True if programs take the lines too, so that none of them is folded on a terminal. */
  readonly verbatim?: boolean;
}
