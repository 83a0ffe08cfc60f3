import type { Party } from '../../src/client/party/Party.ts';
import { hexToBytes, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { deriveName } from '../../src/crypto/keys/deriveName.ts';
import type { Random } from '../../src/crypto/Random.ts';

/**
 * Makes bytes that follow from a party's seed and a label, so that a bundle that is made again is the same.
 *
 * @param party - The author.
 * @param label - Of the bundle.
 * @returns At most 16 bytes at each call.
 */
export function demoRandom({ keys }: Pick<Party, 'keys'>, label: string): Random {
  let calls = 0;
  return (length) => {
    calls += 1;
    const name = deriveName(keys.seed(), utf8ToBytes(`${label} ${calls}`));
    return hexToBytes(`0x${name}`).slice(0, length);
  };
}
