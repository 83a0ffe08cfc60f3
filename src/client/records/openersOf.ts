import type { Opener } from '../../crypto/sealing/ageHeader.ts';
import { portableKem } from '../../crypto/sealing/portableKem.ts';
import { whoHalfOf } from '../../crypto/threshold/evidencedKem.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import type { Party } from '../party/Party.ts';
import type { Chart, RecordOpener } from './readChart.ts';
import type { FileEvidence } from './fetchVersion.ts';
import { guardedOpener } from './guardedOpener.ts';
import { sealedUnder } from './sealedUnder.ts';
import type { ChartRecord } from './viewChart.ts';

/**
 * Returns what opens a record version that was viewed: on the patient's own chart the patient's own identities; under a right
 * in a channel with a release key both halves; else what the chart has.
 *
 * @param party - The reader.
 * @param chart - The chart.
 * @param record - The record version.
 * @param evidence - Shares that coordinators released for the view; `unguarded` if the file opens without.
 * @throws MedsealError why too few released, if the version needs it; as `Chart.openerFor`.
 */
export function openersOf(
  party: Party,
  chart: Chart,
  record: ChartRecord,
  evidence: FileEvidence,
): readonly Opener[] {
  const opener = chart.openerFor(record);
  const alone = 'who' in opener ? [] : [opener];
  // Also if a successor of the network file names no release key any more: files of before stay the patient's.
  const own = chart.ownIdentityFor?.(record.epoch, record.category);
  if (own !== undefined) return [own, ...alone];
  if (releaseKeyOf(party.network, party.log) === undefined) return alone;
  // It was written before the channel had a release key.
  if (evidence === 'unguarded') return alone;
  if (evidence instanceof MedsealError) throw evidence;
  if (evidence === undefined) throw new MedsealError('RELEASE_UNKNOWN', {});
  const identity = versionIdentity(party.network, evidence.key, {
    ...record,
    handle: chart.handle,
  });
  if ('fileKey' in opener) return [];
  const whoFor = (encapsulated: Uint8Array): Uint8Array =>
    whoHalf(party, opener, identity, encapsulated);
  return [guardedOpener(party, identity, whoFor, evidence)];
}

/**
 * Returns the half of a guarded file's key that its holder can hand over: with it alone nothing opens.
 *
 * @param party - The holder.
 * @param record - The record version.
 * @param opener - The holder's opener of it.
 * @param sealed - The sealed file, read as far as its header goes.
 * @returns 32 bytes; undefined if the file is not guarded.
 * @throws MedsealError `SEAL_UNREADABLE` if it is not an age file.
 */
export async function whoHalfFrom(
  party: Party,
  record: ChartRecord & { readonly handle: Chart['handle'] },
  opener: RecordOpener,
  sealed: AsyncIterable<Uint8Array>,
): Promise<Uint8Array | undefined> {
  if ('fileKey' in opener) return undefined;
  const found = await sealedUnder(party, sealed);
  // Nothing opens a file under a key that was given up, with or without this half.
  if (found?.key === undefined) return undefined;
  const { key, encapsulated } = found;
  return whoHalf(party, opener, versionIdentity(party.network, key, record), encapsulated);
}

function whoHalf(
  { cipher }: Party,
  opener: Exclude<RecordOpener, { readonly fileKey: Uint8Array }>,
  identity: Uint8Array,
  encapsulated: Uint8Array,
): Uint8Array {
  if ('who' in opener) return opener.who;
  return whoHalfOf(
    opener.secretOf(cipher?.kem ?? portableKem, encapsulated),
    encapsulated,
    identity,
  );
}
