import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { setImmediate } from 'node:timers/promises';
import { base64 } from '@scure/base';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { extractShare } from '../../crypto/threshold/extractShare.ts';
import { readSeal } from '../../crypto/threshold/releaseSeal.ts';
import { parseRow } from '../../database/parseRow.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, Handle, Hex, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { SealAsked } from '../../protocol/release/ReleaseAsked.ts';
import type { ReleasedShares, SealedShares } from '../../protocol/release/ReleasedShares.ts';
import { sealHash, shareHash } from '../../protocol/release/releasedShare.ts';
import type { ReleasedView } from '../../protocol/release/releasedView.ts';
import type { ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import { releaseOfNote } from '../../protocol/release/releaseOfNote.ts';
import { viewIdentity } from '../../protocol/release/viewIdentity.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import type { ReleaseRequest } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { releasedKey, releasedOfKey } from './coordinatorKeys.ts';
import { RELEASED_ROW, type ReleasedRow } from './coordinatorRows.ts';
import type { KeptShares } from './KeptShares.ts';
import type { ViewRead } from './ReleasableViews.ts';

/** Parts of a coordinator that seals shares. */
export interface ShareSealing {
  readonly database: ServiceDatabase;
  readonly key: SeatKey;
  readonly cipher: PayloadCipher;
  /** Shares that it made a moment ago. */
  readonly kept: KeptShares;
}

/** A channel's release key, and the organisation's share of it. */
export interface ShareKey {
  readonly channelKey: ChannelKey;
  /** The name of the share. */
  readonly name: Bytes32;
  readonly secret: Uint8Array;
}

/**
 * Notes releases on disk, makes the shares, seals them for the recipient, and signs that it released them.
 *
 * @param context - The organisation's context.
 * @param options - Store, key, cipher.
 * @param shareKey - The share that it makes them with.
 * @param request - The log and the recipient.
 * @param views - Views that may be released.
 * @param at - The moment of the release, Unix seconds.
 * @throws MedsealError `EVIDENCE_INVALID` if a view of a takeover opened another state before: what it opens, the audit shows once.
 */
export async function sealShares(
  context: ServiceContext,
  { database, key, cipher, kept }: ShareSealing,
  { channelKey, name: shareKey, secret }: ShareKey,
  { log, recipient }: Pick<ReleaseRequest, 'log' | 'recipient'>,
  views: readonly ViewRead[],
  at: number,
): Promise<ReleasedShares> {
  const { network, primitives, organisation, random } = context;
  const asked = views.map(({ name, view, leaf, message, seal, encapsulation }): ShareAsked => {
    const identity = viewIdentity(network, channelKey, message);
    const set = leaf === undefined ? {} : { of: { entry: view.entry, leaf } };
    const only = message.what === 'takeover' && sealHash(primitives, { seal, encapsulation });
    const once = only === false ? {} : { only };
    return { name, ...set, handle: message.handle, ...once, identity, seal, encapsulation };
  });
  const hash = recipientHash(primitives, recipient);
  const noted = { log: logOf(network, log).log.id, key: shareKey, recipient: hash, at };
  const seals = asked.map((each) => sealHash(primitives, each));
  const rowOf = ({ name, handle, of, only }: ShareAsked): ReleasedRow => {
    const told = releaseOfNote(primitives, name, noted);
    const { signature } = sign(context, key, 'ShareRelease', told);
    return { ...noted, signature, handle, ...(of && { of }), ...(only && { seal: only }) };
  };
  const write = async (): Promise<void> => await note(database, asked, rowOf);
  // Of two requests at once with one view of a takeover only one is noted.
  const isOnce = asked.some(({ only }) => only !== undefined);
  await (isOnce ? kept.takeovers.run('', write) : write());
  const shares: Hex[] = [];
  for (const [place, { identity, seal }] of asked.entries()) {
    const shareName = `${shareKey} ${seals[place] ?? ''} ${bytesToHex(identity)}`;
    const share = await kept.share(shareName, async () => {
      // It takes longer than most of what others wait for: they have their turn before each.
      await setImmediate();
      const { point } = readSeal(hexToBytes(seal));
      const of = { keyId: channelKey.id, identity, point, ...memberOf(channelKey, organisation) };
      return bytesToHex(extractShare(primitives.group, of, secret, random));
    });
    shares.push(share);
  }
  const entries = asked.map(({ name }) => name);
  const salts = shares.map(() => bytesToHex(random(16)));
  const hashes = shares.map((each, place) =>
    shareHash(primitives, { share: each, salt: salts[place] ?? '0x' }),
  );
  const release = {
    ...noted,
    entries: listRoot(primitives, entries),
    shares: listRoot(primitives, hashes),
    seals: listRoot(primitives, seals),
  };
  const plaintext: SealedShares = { format: 'medseal-shares/2', shares, salts };
  const sealed = await sealBytes([recipient], utf8ToBytes(canonicalJson(plaintext)), { cipher });
  const { party: coordinator, signature } = sign(context, key, 'ShareRelease', release);
  return { release, entries, sealed: base64.encode(sealed), coordinator, signature };
}

/** A share that is asked for: name of the view, and the seal, which was made for its version. */
interface ShareAsked extends SealAsked {
  readonly name: Bytes32;
  /** The entry and the leaf, if it is of a set. */
  readonly of?: Required<ReleasedView>;
  readonly handle: Handle;
  /** Of a view of a takeover, the hash of the one seal that it opens. */
  readonly only?: Bytes32;
  readonly identity: Uint8Array;
}

/** An organisation's index in a release key, and the public key of its share. */
function memberOf(
  { indices, members }: ChannelKey,
  organisation: Organisation,
): { readonly index: number; readonly memberKey: Uint8Array } {
  const index = indices.get(organisation) ?? 0;
  return { index, memberKey: members.get(index) ?? new Uint8Array() };
}

/** Notes releases that were not noted before; the first one stays. The view of a takeover is released for one seal alone. */
async function note(
  database: ServiceDatabase,
  asked: readonly ShareAsked[],
  rowOf: (asked: ShareAsked) => ReleasedRow,
): Promise<void> {
  const known = await database.getMany(asked.map(({ name }) => releasedKey(name)));
  for (const [place, { only }] of asked.entries()) {
    const row = known[place];
    if (row === undefined || only === undefined) continue;
    if (parseRow(RELEASED_ROW, row).seal !== only)
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'the view opened another state' });
  }
  const fresh = asked.filter((_, place) => known[place] === undefined);
  if (fresh.length === 0) return;
  await database.batch(
    fresh.flatMap((each) => {
      const { name, handle } = each;
      const row = rowOf(each);
      return [
        { type: 'put' as const, key: releasedKey(name), value: JSON.stringify(row) },
        { type: 'put' as const, key: releasedOfKey(handle, row.at, name), value: '' },
      ];
    }),
    SYNCED,
  );
}
