import { equalBytes } from '../../crypto/bytes.ts';
import type { Opener } from '../../crypto/sealing/ageHeader.ts';
import { portableKem } from '../../crypto/sealing/portableKem.ts';
import { readHeader } from '../../crypto/sealing/readHeader.ts';
import { readStanzas } from '../../crypto/sealing/readStanzas.ts';
import { termsOfShares } from '../../crypto/threshold/combineShares.ts';
import { whoHalfOf, type Halves } from '../../crypto/threshold/evidencedKem.ts';
import {
  EVIDENCED,
  evidencedIdentity,
  parseEvidencedStanza,
} from '../../crypto/threshold/evidencedStanza.ts';
import { isShareOf } from '../../crypto/threshold/isShareOf.ts';
import type { KeyShare } from '../../crypto/threshold/KeyShare.ts';
import { loadNoblePairing } from '../../crypto/threshold/loadNoblePairing.ts';
import type { AsyncPairing } from '../../crypto/threshold/PairingPort.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  releaseKeyOf,
  releaseKeysOf,
  type ChannelKey,
} from '../../protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import { isSealedByDevice } from '../../protocol/sensors/isSealedByDevice.ts';
import type { Party } from '../party/Party.ts';
import type { Chart, RecordOpener } from './readChart.ts';
import type { SharesReleased } from './releasedShares.ts';
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
export async function openersOf(
  party: Party,
  chart: Chart,
  record: ChartRecord,
  evidence: SharesReleased | 'unguarded' | undefined,
): Promise<readonly Opener[]> {
  const opener = chart.openerFor(record);
  const alone = 'who' in opener ? [] : [opener];
  // A batch of readings that its device sealed opens without a release.
  if (record.readings !== undefined && isSealedByDevice(record.readings.header)) return alone;
  // Also if a successor of the network file names no release key any more: files of before stay the patient's.
  const own = chart.ownIdentityFor?.(record.epoch, record.category);
  if (own !== undefined) return [own, ...alone];
  if (releaseKeyOf(party.network, party.log) === undefined) return alone;
  // It was written before the channel had a release key.
  if (evidence === 'unguarded') return alone;
  if (evidence instanceof MedsealError) throw evidence;
  if (evidence === undefined) throw new MedsealError('RELEASE_UNKNOWN', {});
  const pairing = await (party.loadPairing ?? loadNoblePairing)();
  const { handle } = chart;
  const { key, shares } = evidence;
  return [guardedOpener(party, pairing, key, { record, handle, opener, shares })];
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
  const found = await stanzaIn(party, sealed);
  // Nothing opens a file under a key that was given up, with or without this half.
  if (found?.key === undefined) return undefined;
  const { key, encapsulated } = found;
  return whoHalf(party, opener, versionIdentity(party.network, key, record), encapsulated);
}

/**
 * Returns the shares of the release key that a sealed file is sealed under: a record of before can be under a key of before, or
 * under none.
 *
 * @param party - The reader.
 * @param evidence - Shares of the present key, or why too few were released; undefined if none were asked for.
 * @param sealed - The sealed file, read as far as its header goes.
 * @returns `unguarded` if the file opens without a release.
 */
export async function underItsKey(
  party: Party,
  evidence: SharesReleased | undefined,
  sealed: () => AsyncIterable<Uint8Array>,
): Promise<SharesReleased | 'unguarded' | undefined> {
  const found = await stanzaIn(party, sealed());
  if (found === undefined) return 'unguarded';
  if (evidence === undefined || evidence instanceof MedsealError) return evidence;
  if (found.key === undefined) return evidence;
  return isEqualKey(found.key, evidence.key) ? evidence : await evidence.under(found.key);
}

interface EvidencedBy {
  readonly key: ChannelKey | undefined;
  readonly encapsulated: Uint8Array;
}

/** The stanza of a guarded file, with the release key that it names unless that was given up; undefined if it is not guarded. */
async function stanzaIn(
  { network, log }: Party,
  sealed: AsyncIterable<Uint8Array>,
): Promise<EvidencedBy | undefined> {
  const keys = releaseKeysOf(network, log);
  if (keys.length === 0) return undefined;
  const header = await readHeader(sealed);
  if (header === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
  const [first] = await readStanzas(header);
  if (first?.args[0] !== EVIDENCED) return undefined;
  const { keyId, encapsulated } = parseEvidencedStanza(first);
  const key = keys.find(({ id }) => equalBytes(keyId, id.subarray(0, keyId.length)));
  return { key, encapsulated };
}

/** Two network files name one key by different shares. */
function isEqualKey(one: ChannelKey, other: ChannelKey): boolean {
  return equalBytes(one.id, other.id);
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
  pairing: AsyncPairing,
  key: ChannelKey,
  {
    record,
    handle,
    opener,
    shares,
  }: {
    readonly record: ChartRecord;
    readonly handle: Chart['handle'];
    readonly opener: RecordOpener;
    readonly shares: readonly KeyShare[];
  },
): Opener {
  const identity = versionIdentity(party.network, key, { ...record, handle });
  return evidencedIdentity(pairing, identity, async function* ({ encapsulated }) {
    if ('fileKey' in opener) return;
    const who = whoHalf(party, opener, identity, encapsulated);
    yield* halves(who, shares);
    // The tag did not hold: only now it is worth its while to verify each share.
    yield* halves(who, await soundOf(shares));
  });

  function* halves(who: Uint8Array, some: readonly KeyShare[]): Generator<Halves> {
    if (some.length < key.threshold) return;
    yield { who, evidence: termsOfShares(some.slice(0, key.threshold)) };
  }

  async function soundOf(some: readonly KeyShare[]): Promise<readonly KeyShare[]> {
    const sound: KeyShare[] = [];
    for (const each of some) {
      const member = key.members.get(each.index);
      if (member !== undefined && (await isShareOf(pairing, each.share, identity, member)))
        sound.push(each);
    }
    return sound;
  }
}
