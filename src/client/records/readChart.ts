import { hexToBytes } from '../../crypto/bytes.ts';
import type { WhoHalf } from '../../crypto/sealing/ageHeader.ts';
import { ownIdentity } from '../../crypto/keys/ownIdentity.ts';
import { HeldIdentity } from '../../crypto/sealing/HeldIdentity.ts';
import { SPAN, earlierIdentity } from '../../crypto/keys/earlierIdentity.ts';
import type { Packet } from '../../protocol/rights/epochs.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { erasesVersion } from '../../protocol/rights/erasesVersion.ts';
import type { Address, Handle } from '../../protocol/ids.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import { tipFor } from '../../protocol/evidence/tipFor.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { epochIdentity, holdsKey, holdsOwn, spanEnds } from '../epochs/epochIdentity.ts';
import { hearErased } from '../kept/hearErased.ts';
import { openNewest } from '../state/openNewest.ts';
import { forgetGone } from './forgetGone.ts';
import { openSealed } from './openSealed.ts';
import type { Party } from '../party/Party.ts';
import { viewChart, type ChartRecord, type ChartViewed, type ChartWanted } from './viewChart.ts';

/** Opener of a record version that a party has. */
export type RecordOpener = HeldIdentity | { readonly fileKey: Uint8Array } | WhoHalf;

/** A chart that was released, with the keys that open it. */
export interface Chart
  extends
    Omit<ChartWanted, 'part'>,
    Omit<ChartViewed, 'digest' | 'erasures' | 'packet' | 'keep' | 'newest'> {
  /**
   * Returns the identity that opens a category of an epoch.
   * @throws MedsealError `KEY_PENDING` if the packet does not hold it yet; `RECORD_ERASED` if it was erased.
   */
  identityFor(epoch: number, category: Category): string;
  /**
   * On the patient's own chart in a channel with a release key: returns the patient's own identity for a category of an epoch,
   * which opens without a release; undefined for an epoch that was prepared before the channel had a release key.
   * @throws MedsealError as `identityFor`.
   */
  ownIdentityFor?(epoch: number, category: Category): string | undefined;
  /**
   * Returns what the party has to open a record version: that identity, or if the right is to one record alone, the key of
   * its file, or the half of it that opens with a release.
   * @throws MedsealError `KEY_PENDING` if the packet does not hold it yet; `RECORD_ERASED` if it was erased.
   */
  openerFor(record: Pick<ChartRecord, 'epoch' | 'category' | 'file'>): RecordOpener;
  /** On the patient's own chart: the names that the patient gave to devices that measure, on whichever device; see `nameDevice`. */
  readonly deviceNames?: Readonly<Record<Address, string>>;
}

/**
 * Asks for a chart: the list of records and the key packet, released after the view is evidence.
 *
 * @param party - The reader.
 * @param wanted - Chart, and right to rely on.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`; `ARGUMENT_INVALID`;
 * `EVIDENCE_INVALID` if a listed entry is not valid; `SEAL_UNREADABLE` if the key packet is not sealed to the party; on
 * the patient's own chart `STATE_UNSIGNED`, `STATE_STALE`; `NODE_OLDER` if a part is asked for and a node has to be updated first.
 * @example
 * ```ts
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * for (const record of chart.records) {
 *   const { content } = await readRecord(doctor, chart, record);
 *   console.log(record.category, new TextDecoder().decode(content));
 * }
 * ```
 */
export async function readChart(party: Party, wanted: ChartWanted): Promise<Chart> {
  const viewed = await viewChart(party, wanted);
  const { acknowledgement, records, part, beside, apart, known, key, behind } = viewed;
  const keys = unlessErased(wanted.handle, viewed.erasures, await keysOf(party, wanted, viewed));
  await hearErased(party, records, keys);
  await forgetGone(party, wanted.handle, records, viewed.erasures);
  const { part: _, ...right } = wanted;
  const listing = { ...(part && { part }), ...(beside && { beside }), ...(apart && { apart }) };
  return { ...right, acknowledgement, records, ...listing, known, key, behind, ...keys };
}

/** Bytes of half of a key. */
const WHO_HALF = 32;

type Keys = Pick<Chart, 'identityFor' | 'openerFor' | 'ownIdentityFor' | 'deviceNames'>;

const NO_KEYS: Keys = { identityFor: pending, openerFor: pending };

async function keysOf(
  party: Party,
  { handle, grant }: ChartWanted,
  viewed: ChartViewed,
): Promise<Keys> {
  if (grant === undefined) {
    const { keyring, deviceNames } = (await openNewest(party, handle, viewed))?.state ?? {};
    if (keyring === undefined) return NO_KEYS;
    const opened = byEpoch((epoch, category) => epochIdentity(keyring, epoch, category));
    const keys = { ...opened, ...(deviceNames && { deviceNames }) };
    if (!spanEnds(keyring).some((end) => holdsKey(keyring, end, 'own'))) return keys;
    const own = byEpoch((epoch, category) => {
      const secret = epochIdentity(keyring, epoch, 'own');
      return ownIdentity(secret, keys.identityFor(epoch, category));
    });
    return {
      ...keys,
      ownIdentityFor: (epoch, category) =>
        holdsOwn(keyring, epoch) ? own.identityFor(epoch, category) : undefined,
    };
  }
  if (viewed.packet === undefined) return NO_KEYS;
  const { identities, files } = await openSealed<Packet>(party, handle, viewed.packet);
  if (files === undefined) {
    return byEpoch((epoch, category) => {
      const tip = tipFor(Object.keys(identities ?? {}).map(Number), epoch) ?? pending();
      // A packet costs no more work than a span, also one that an attacker made.
      if (tip - epoch >= SPAN) pending();
      const identity = identities[tip]?.[category];
      if (identity !== undefined) return earlierIdentity(identity, tip - epoch);
      if (!grant.terms.categories.includes(category)) return pending();
      throw new MedsealError('RECORD_ERASED', { category });
    });
  }
  return {
    identityFor: pending,
    openerFor: ({ file, category }) => {
      const key = files[file];
      if (key === null) throw new MedsealError('RECORD_ERASED', { category });
      const bytes = key === undefined ? pending() : hexToBytes(key);
      return bytes.length === WHO_HALF ? { who: bytes } : { fileKey: bytes };
    },
  };
}

/**
 * Keys whose absence is told apart: of a version that the patient erased by the log, no packet will bring them, though one
 * that was taken back, or sealed since, does not tell.
 */
function unlessErased(handle: Handle, erasures: readonly Erase[], keys: Keys): Keys {
  if (erasures.length === 0) return keys;
  const found = <Key>(epoch: number, category: Category, find: () => Key): Key => {
    try {
      return find();
    } catch (error) {
      const version = { handle, category, epoch };
      const isErased = erasures.some((erase) => erasesVersion(erase, version));
      if (!isErased || !isMedsealError(error, 'KEY_PENDING')) throw error;
      throw new MedsealError('RECORD_ERASED', { category });
    }
  };
  const { identityFor, ownIdentityFor, openerFor } = keys;
  return {
    identityFor: (epoch, category) => found(epoch, category, () => identityFor(epoch, category)),
    ...(ownIdentityFor && {
      ownIdentityFor: (epoch, category) =>
        found(epoch, category, () => ownIdentityFor(epoch, category)),
    }),
    openerFor: (record) => found(record.epoch, record.category, () => openerFor(record)),
  };
}

/** Keys of epochs, each found once, and expanded once, while the chart is held. */
function byEpoch(identityFor: Chart['identityFor']): Keys {
  const found = new Map<string, { readonly identity: string; readonly opener: HeldIdentity }>();
  const find = (epoch: number, category: Category): { identity: string; opener: HeldIdentity } => {
    const name = `${epoch}/${category}`;
    const known = found.get(name);
    if (known !== undefined) return known;
    const identity = identityFor(epoch, category);
    const held = { identity, opener: new HeldIdentity(identity) };
    found.set(name, held);
    return held;
  };
  return {
    identityFor: (epoch, category) => find(epoch, category).identity,
    openerFor: ({ epoch, category }) => find(epoch, category).opener,
  };
}

function pending(): never {
  throw new MedsealError('KEY_PENDING', {});
}
