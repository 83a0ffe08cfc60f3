import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import { requireSuccessor } from './countSuccessor.ts';
import { findShapeError } from '../wire/findShapeError.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { SUCCESSORS_FILE } from '../shapes/answerShapes.ts';
import type { SigningContext } from '../struct/signing.ts';
import type { Successor, SuccessorsFile } from './Successor.ts';

/**
 * Follows the successors of a pinned network file, offline: each must be signed by those whom the file before it names.
 * Successors of files before the pinned one are passed over, if they lead to it.
 *
 * @param context - Hashes and the curve.
 * @param pinned - The pinned network file.
 * @param file - Value of `successors.json`, decoded from JSON; not trusted.
 * @returns The pinned file and those that follow it, oldest first.
 * @throws MedsealError `SUCCESSOR_INVALID` with the reason; `NETWORK_FILE_INVALID`.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const context = { domain: domainOf(network), primitives: portablePrimitives };
 * const successors: unknown = JSON.parse(await readFile('successors.json', 'utf8'));
 * const files = followSuccessors(context, network, successors);
 * const body = verifyReceipt(context, files.at(-1) ?? network, receipt);
 * ```
 */
export function followSuccessors(
  context: Pick<SigningContext, 'primitives'>,
  pinned: NetworkFile,
  file: unknown,
): readonly NetworkFile[] {
  const misfit = findShapeError(SUCCESSORS_FILE, file, 'it');
  if (misfit !== undefined) throw invalid(misfit);
  const { successors } = file as SuccessorsFile;
  const { before = [] } = pinned;
  const earlier = successors.filter(({ number }) => number <= before.length);
  requireLeading(pinned, earlier);
  const files = [pinned];
  let last = pinned;
  for (const successor of successors.slice(earlier.length)) {
    last = requireSuccessor(context, last, successor);
    files.push(last);
  }
  return files;
}

/**
 * Returns the network file that is in force at a moment.
 *
 * @param files - A file and its successors, oldest first, of which the first is in force at least until then.
 * @param at - Unix seconds.
 * @throws MedsealError `SUCCESSOR_INVALID` if there is no file.
 * @example
 * ```ts
 * const context = { primitives: portablePrimitives };
 * const files = followSuccessors(context, network, { format: 'medseal-successors/1', successors: [] });
 * const present = fileInForce(files, Math.floor(Date.now() / 1000));
 * console.log(`${present.authority.members.length} organisations now`);
 * ```
 */
export function fileInForce(files: readonly NetworkFile[], at: number): NetworkFile {
  const [first] = files;
  const found = files.findLast(({ before = [] }) => (before.at(-1)?.until ?? 0) <= at) ?? first;
  if (found === undefined) throw invalid('there is no network file');
  return found;
}

/** Requires successors up to a pinned file to be those that led to it. */
function requireLeading(
  { before = [], channels: present }: NetworkFile,
  earlier: readonly Successor[],
): void {
  for (const [place, { number, predecessor, from, channels }] of earlier.entries()) {
    if (number !== place + 1) throw invalid(`successor ${number} is not in its place`);
    const followed = before[place];
    const made = before[place + 1]?.channels ?? present;
    const leads =
      followed?.fingerprint === predecessor &&
      followed.until === from &&
      canonicalJson(made) === canonicalJson(channels);
    if (leads) continue;
    throw invalid(`successor ${number} leads to another network file than the pinned one`);
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
