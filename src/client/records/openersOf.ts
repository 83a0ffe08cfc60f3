import type { Opener } from '../../crypto/sealing/ageHeader.ts';
import { portableKem } from '../../crypto/sealing/portableKem.ts';
import { combineShares } from '../../crypto/threshold/combineShares.ts';
import { whoHalfOf, type Halves } from '../../crypto/threshold/evidencedKem.ts';
import { evidencedIdentity } from '../../crypto/threshold/evidencedStanza.ts';
import { isShareIn } from '../../crypto/threshold/extractShare.ts';
import type { KeyShare } from '../../crypto/threshold/KeyShare.ts';
import { readSeal } from '../../crypto/threshold/releaseSeal.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import type { Party } from '../party/Party.ts';
import type { Chart, RecordOpener } from './readChart.ts';
import type { FileEvidence } from './fetchVersion.ts';
import type { ViewReleased } from './releasedShares.ts';
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
  return [guardedOpener(party, { ...record, handle: chart.handle }, opener, evidence)];
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

/** Opens with the first shares that make up a key; if one of them is false, with those that are proven. */
function guardedOpener(
  party: Party,
  version: ChartRecord & Pick<Chart, 'handle'>,
  opener: RecordOpener,
  { key, shares }: Pick<ViewReleased, 'key' | 'shares'>,
): Opener {
  const { group } = party.primitives;
  const identity = versionIdentity(party.network, key, version);
  return evidencedIdentity(identity, function* ({ encapsulated, seal }) {
    if ('fileKey' in opener) return;
    const who = whoHalf(party, opener, identity, encapsulated);
    yield* halves(who, shares);
    // The tag did not hold: only now it is worth its while to verify each share.
    const { point } = readSeal(seal);
    const sound = shares.filter((each) => isShareIn(group, key, { identity, point }, each));
    yield* halves(who, sound);
  });

  function* halves(who: Uint8Array, some: readonly KeyShare[]): Generator<Halves> {
    if (some.length < key.threshold) return;
    const evidence = attempted(() => combineShares(group, some.slice(0, key.threshold)));
    if (evidence !== undefined) yield { who, evidence };
  }
}

/** Undefined if a share is not even a point: then those that are proven open. */
function attempted<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
