import { MedsealError } from '../../errors/MedsealError.ts';
import type { Shape } from '../../protocol/wire/findShapeError.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { parseJsonOf } from '../../protocol/wire/parseJsonOf.ts';
import { readGivenText } from './readGiven.ts';

/**
 * Reads a JSON file of a shape that was named on the command line.
 *
 * @param path - The file.
 * @param shape - Its shape.
 * @param reason - Fault of any other file, for an error.
 * @throws MedsealError `ARGUMENT_INVALID` if it cannot be read, or holds something else.
 */
export async function readGivenShape<const S extends Shape>(
  path: string,
  shape: S,
  reason: string,
): Promise<Of<S>> {
  const text = await readGivenText(path);
  return parseJsonOf(
    shape,
    text,
    () => new MedsealError('ARGUMENT_INVALID', { argument: path, reason }),
  );
}
