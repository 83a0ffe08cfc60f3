import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { LightBlock } from './LightBlock.ts';
import { type TrustedBlock, verifyBlock, type VerifiedBlock } from './verifyBlock.ts';

/** The most blocks that are asked for on the way to one. */
const MOST_BLOCKS = 500;

/**
 * Verifies a block from one that is trusted; if the validators changed too much in between, blocks in between first.
 *
 * @param primitives - SHA-256 and Ed25519.
 * @param trusted - The block or founding that is trusted already.
 * @param target - A later block, as an endpoint shows it.
 * @param fetchBlock - Asks for the block of a height.
 * @param now - Seconds since 1970-01-01T00:00:00Z.
 * @returns The blocks that were verified, `target` the last.
 * @throws MedsealError as `verifyBlock`; `LEDGER_UNPROVEN` if the way is too long.
 */
export async function followChain(
  primitives: Primitives,
  trusted: TrustedBlock,
  target: LightBlock,
  fetchBlock: (height: number) => Promise<LightBlock>,
  now: number,
): Promise<readonly VerifiedBlock[]> {
  const verified: VerifiedBlock[] = [];
  const waiting = [target];
  for (let asked = 0; ; asked++) {
    const known = verified.at(-1) ?? trusted;
    const next = waiting.at(-1);
    if (next === undefined) return verified;
    const block = verifyBlock(primitives, known, next, now);
    if (block !== undefined) {
      verified.push(block);
      waiting.pop();
      continue;
    }
    const middle = Math.floor((known.height + next.header.height) / 2);
    const between = await fetchBlock(middle);
    if (asked > MOST_BLOCKS || between.header.height !== middle) {
      throw new MedsealError('LEDGER_UNPROVEN', { what: 'the blocks on the way to it' });
    }
    waiting.push(between);
  }
}
