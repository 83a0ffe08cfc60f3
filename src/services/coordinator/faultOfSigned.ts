import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { parseCheckpoint } from '../../crypto/note/checkpoint.ts';
import { openNote } from '../../crypto/note/openNote.ts';
import { logEndOf, logKeysOf } from '../../protocol/network/officesOf.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { notes } from '../examination/OrganisationExamination.ts';
import { SIGNED_EDGE } from '../peers/peerShapes.ts';
import { ENDED_ROW } from './coordinatorRows.ts';
import type { PromiseContext } from './faultOfPromise.ts';

/**
 * Examines the row of the last checkpoint of a log that a coordinator signed.
 *
 * @param context - The examination, after the logs were examined.
 * @param log - The log.
 * @param signed - The row.
 * @returns A phrase; undefined if the row is sound.
 */
export async function faultOfSigned(
  { examination: { network, ports, scratch }, judgements }: PromiseContext,
  log: string,
  signed: unknown,
): Promise<string | undefined> {
  if (!isOfShape(SIGNED_EDGE, signed)) return 'was altered';
  const { size, root, peaks, note } = signed;
  const edge = (): boolean => {
    const frontier = MerkleFrontier.of(ports.primitives, size, peaks.map(hexToBytes));
    if (note === undefined) return bytesToHex(frontier.root()) === root;
    const said = parseCheckpoint(openNote(ports.primitives, note, logKeysOf(network, log)));
    const roots = [bytesToHex(said.root), bytesToHex(frontier.root())];
    return said.size === size && roots.every((each) => each === root);
  };
  if (!succeeds(edge)) return 'was altered';
  const held = judgements.logs.get(log);
  const own =
    held === undefined || held.size < size ? root : await held.root(size).catch(() => root);
  if (own !== root) return 'differs from the log';
  for await (const [key, known] of scratch.under(notes.root(log, size))) {
    if (known === root) continue;
    return `differs from that of ${key.slice(key.lastIndexOf('/') + 1)}`;
  }
  // No copy has a checkpoint of this size yet, so none contradicts it.
  return undefined;
}

/**
 * Tells whether a row says of a log that can have ended where the organisation's copy ends, or, until it is agreed, ended.
 *
 * @param context - The examination, after the logs were examined.
 * @param log - The log.
 * @param row - The row.
 */
export async function isEndSound(
  { examination: { network }, judgements }: PromiseContext,
  log: string,
  row: unknown,
): Promise<boolean> {
  if (!isOfShape(ENDED_ROW, row) || !judgements.names.includes(log)) return false;
  if (logEndOf(network, log) === Infinity) return false;
  const copy = judgements.logs.get(log);
  if (copy === undefined) return true;
  // Its own examination tells of a copy that is behind.
  if (copy.size < row.size) return true;
  const placed = (await copy.latestCheckpoint().catch(() => undefined))?.checkpoint.size ?? 0;
  return row.agreed === undefined ? row.size <= placed : row.size === placed;
}
