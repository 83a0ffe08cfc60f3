import { MedsealError } from '../errors/MedsealError.ts';

/** CometBFT's words for blocks that a node has removed; the last number is its lowest block, or the first one's. */
const WORDS = [
  /height \d+ is not available, lowest height is (\d{1,15})\b/,
  /min height (\d{1,15}) can't be greater than max height/,
] as const;

/**
 * Recognises that a node of a consortium's ledger has removed a block.
 *
 * @param reason - The words of its error.
 * @param data - The error's further data: an organisation's node that passes on the answer says so there.
 * @returns `LEDGER_PRUNED`; undefined if the error is another one.
 */
export function prunedError(
  reason: string,
  data?: unknown,
): MedsealError<'LEDGER_PRUNED'> | undefined {
  if (typeof data === 'object' && data !== null) {
    const { code, lowest } = data as Readonly<Record<string, unknown>>;
    const isSaid = code === 'LEDGER_PRUNED' && Number.isSafeInteger(lowest);
    if (isSaid) return new MedsealError('LEDGER_PRUNED', { lowest: lowest as number });
  }
  for (const words of WORDS) {
    const lowest = words.exec(reason)?.[1];
    if (lowest !== undefined) return new MedsealError('LEDGER_PRUNED', { lowest: Number(lowest) });
  }
  return undefined;
}
