import { MedsealError } from '../../errors/MedsealError.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';

/**
 * Takes the name of a category from the command line.
 *
 * @param named - The name as it was typed.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export function namedCategory(named: string): Category {
  const category = CATEGORIES.find((each) => each === named);
  if (category !== undefined) return category;
  const reason = `it must be one of: ${CATEGORIES.join(', ')}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: named, reason });
}
