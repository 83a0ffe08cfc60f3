import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { officesOf } from '../../protocol/network/officesOf.ts';
import { releaseOfNote } from '../../protocol/release/releaseOfNote.ts';
import { releasedName } from '../../protocol/release/releasedView.ts';
import { signerOf, type SigningContext } from '../../protocol/struct/signing.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { RELEASED_ROW } from './coordinatorRows.ts';

/**
 * Tells whether the note of a release is as the organisation's coordinator signed it, and under the entry that it is of.
 *
 * @param context - Domain and primitives.
 * @param network - The network file.
 * @param organisation - The coordinator's.
 * @param entry - Entry of the view, from the row's key.
 * @param row - The row's value; undefined unless it is spelt as nodes write it.
 */
export function isReleasedSound(
  context: SigningContext,
  network: NetworkFile,
  organisation: Organisation,
  entry: Bytes32,
  row: unknown,
): boolean {
  if (!isOfShape(RELEASED_ROW, row)) return false;
  const { signature, handle: _, seal: _seal, of = { entry }, ...noted } = row;
  if (releasedName(context.primitives, of) !== entry) return false;
  const release = releaseOfNote(context.primitives, entry, noted);
  const log = network.channels.flatMap(({ logs }) => logs).find(({ id }) => id === release.log);
  if (log === undefined) return false;
  return succeeds(() => {
    const signer = signerOf(context, 'ShareRelease', release, signature);
    return officesOf(network, log.name).some(({ channel }) =>
      channel.coordinators.some(
        (each) => each.organisation === organisation && each.address === signer,
      ),
    );
  });
}
