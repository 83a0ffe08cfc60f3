import type { Dice } from '../simulation/Dice.ts';
import type { Alteration, Changes, Things } from './alter.ts';

/** Outcome of an alteration. */
export type Outcome =
  /** A check named it. */
  | { readonly found: string }
  /** Nothing that anybody reads is another. */
  | { readonly harmless: string }
  /** Neither. */
  | { readonly missed: string };

/** A class of things that can be altered, and who looks at them afterwards. */
export interface Subject {
  /** Such as `bodies of a log`. */
  readonly name: string;
  readonly things: Things;
  /** The same things at an earlier time. */
  readonly older: Things;
  /** Draws an alteration if not just any will do. */
  draw?(dice: Dice): Alteration;
  examine(changes: Changes): Promise<Outcome>;
}
