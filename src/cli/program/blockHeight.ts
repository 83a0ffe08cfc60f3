import { InvalidArgumentError } from 'commander';

/** A block of the ledger that an option names. */
export interface GivenHeight {
  readonly blocks: number;
  /** True if it is counted from the newest block on. */
  readonly isAhead: boolean;
}

/**
 * Reads a block of the ledger: its number, or `+` and how many come before it.
 *
 * @param text - As it was given.
 * @throws InvalidArgumentError of the command line.
 */
export function blockHeight(text: string): GivenHeight {
  const [, plus = '', digits] = /^(\+?)([1-9]\d{0,14})$/.exec(text) ?? [];
  if (digits === undefined)
    throw new InvalidArgumentError('It must be a block, or + and a number.');
  return { blocks: Number(digits), isAhead: plus === '+' };
}
