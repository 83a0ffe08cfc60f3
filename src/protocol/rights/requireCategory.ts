import { MedsealError } from '../../errors/MedsealError.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { logOf } from '../network/networkLookups.ts';
import type { Write } from '../struct/requests.ts';

/**
 * Requires that the channel of a log takes records of a category. A coordinator sees the category that the author
 * signed, and not the content, which is sealed.
 *
 * @param network - The network file.
 * @param write - The log, and the category that the author names.
 * @throws MedsealError `CATEGORY_EXCLUDED`; `NOT_FOUND` if the network file names no such log.
 */
export function requireCategory(
  network: NetworkFile,
  { log, category }: Pick<Write, 'log' | 'category'>,
): void {
  const { name, categories } = logOf(network, log).channel;
  if (categories === undefined || categories.includes(category)) return;
  throw new MedsealError('CATEGORY_EXCLUDED', { category, channel: name });
}
