import type { Dice } from '../simulation/Dice.ts';
import type { Life } from './life.ts';

/** A place where something comes in that others wrote. */
export interface FuzzTarget {
  /**
   * Lets something hostile in. It resolves where that was taken or answered as it should be, or rejects with a
   * MedsealError that is not `INTERNAL`; whatever else it rejects with is a fault.
   *
   * @param dice - Decides what comes.
   * @param note - Is told what it is, to be shown with a fault.
   */
  enter(dice: Dice, note: (what: string | Uint8Array) => void): Promise<void>;
  /** Gives up what was opened. */
  close?(): Promise<void>;
}

/** Opens a target, once for many visits. The input of one visit may get in the way of another, and must do no more. */
export type OpenTarget = (life: Life) => Promise<FuzzTarget>;

/** A fault that a visit found in a target. */
export class TargetFault extends Error {
  override readonly name = 'DoorFault';
}
