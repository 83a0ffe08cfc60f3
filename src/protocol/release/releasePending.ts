import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../ids.ts';
import type { ChannelKey } from './releaseKeyOf.ts';

/**
 * Makes the error of a view for which too few organisations released their shares.
 *
 * @param key - The channel's release key.
 * @param released - Organisations that released, each once.
 */
export function releasePending(
  { indices, threshold }: Pick<ChannelKey, 'indices' | 'threshold'>,
  released: readonly Organisation[],
): MedsealError<'RELEASE_PENDING'> {
  const missing = [...indices.keys()].filter((each) => !released.includes(each));
  const [by, others] = [released, missing].map((each) => each.join(', '));
  const [have, need] = [released.length, threshold];
  return new MedsealError('RELEASE_PENDING', { have, need, by: by ?? '', missing: others ?? '' });
}
