import { MedsealError } from '../../errors/MedsealError.ts';
import { isDealing, isDealingBefore, type Dealing } from '../../protocol/dealing/Dealing.ts';
import { findShapeError } from '../../protocol/wire/findShapeError.ts';
import { SUCCESSOR } from '../../protocol/shapes/answerShapes.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { readGivenText } from '../program/readGiven.ts';

/** A change of a network on its way between organisations. */
export interface GivenChange {
  readonly successor: Successor;
  /** The deals that it collects before its signatures; undefined if it touches no release key. */
  readonly dealing?: Dealing;
}

/**
 * Reads the file that collects the deals and the signatures of a change.
 *
 * @param file - The file.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export async function readChange(file: string): Promise<GivenChange> {
  const value = await readGivenJson(file);
  if (isDealing(value)) return { successor: value.successor, dealing: value };
  if (isDealingBefore(value)) {
    throw wrong(
      `${file} deals a release key of another curve, as an earlier version of Medseal did: propose the change again`,
    );
  }
  const misfit = findShapeError(SUCCESSOR, value, 'it');
  if (misfit === undefined) return { successor: value as Successor };
  throw wrong(`${file} holds no change of a network: ${misfit}`);
}

/**
 * Reads a file that was given as JSON.
 *
 * @param path - The file.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export async function readGivenJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readGivenText(path)) as unknown;
  } catch {
    throw wrong(`${path} cannot be read as JSON`);
  }
}

function wrong(reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument: 'file', reason });
}
