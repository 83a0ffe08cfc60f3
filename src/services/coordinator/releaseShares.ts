import { setImmediate } from 'node:timers/promises';
import { base64 } from '@scure/base';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { recipientKey } from '../../crypto/keys/ageIdentity.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { extractShare } from '../../crypto/threshold/extractShare.ts';
import { readSeal } from '../../crypto/threshold/releaseSeal.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toPublicError } from '../../errors/toPublicError.ts';
import { acceptedWrite } from '../../log/acceptedWrite.ts';
import {
  acknowledgementCheck,
  type AcknowledgementCheck,
} from '../../protocol/evidence/acknowledgementCheck.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { endsWithin } from '../../protocol/endsWithin.ts';
import type { Acknowledgement, Body } from '../../protocol/evidence/evidence.ts';
import type { Address, Bytes32, Handle, Hex, LogName, Organisation } from '../../protocol/ids.ts';
import { judgeEvidence } from '../../protocol/evidence/judgeEvidence.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { promisesOf, sizesOf } from '../../protocol/evidence/promisesOf.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { sealHash, shareHash, shareKeyId } from '../../protocol/release/releasedShare.ts';
import type {
  RefusedView,
  ReleasedShares,
  SealedShares,
} from '../../protocol/release/ReleasedShares.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import { MOST_RELEASED, type SealAsked } from '../../protocol/release/ReleaseAsked.ts';
import { releaseOfNote } from '../../protocol/release/releaseOfNote.ts';
import { releaseKeyOf, type ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import {
  releasedName,
  viewInEntry,
  type ReleasedView,
  type ViewInEntry,
} from '../../protocol/release/releasedView.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { awaitBlock } from '../awaitBlock.ts';
import { inLanes } from '../inLanes.ts';
import type { MinuteQuota } from '../MinuteQuota.ts';
import type { ReleaseRequest, ViewToRelease } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { erasedCategory } from '../entries/erasedCategory.ts';
import type { KnownErasures } from '../entries/KnownErasures.ts';
import { releasedKey, releasedOfKey } from './coordinatorKeys.ts';
import type { ReleasedRow } from './coordinatorRows.ts';
import type { OwnShares } from './CoordinatorOptions.ts';
import type { GuardedFiles } from './GuardedFiles.ts';
import type { KeptShares } from './KeptShares.ts';
import { faultsOfEntered, faultsOfWritten, type LogsSeen } from './faultsOfEntered.ts';

/** Parts of a coordinator that releases shares. */
export interface ReleaseOptions extends LogsSeen {
  readonly database: ServiceDatabase;
  readonly key: { readonly address: Address; readonly signingKey: Uint8Array };
  readonly shares?: OwnShares | undefined;
  /** Requires that a seal is the one of a version's file. */
  readonly guarded?: Pick<GuardedFiles, 'require'> | undefined;
  readonly cipher: PayloadCipher;
  /** Limits the views of a party and log that it releases for. */
  readonly quota: MinuteQuota;
  /** Shares that it made a moment ago. */
  readonly kept: KeptShares;
  readonly erasures: KnownErasures;
}

/** Number of files that are looked for at once. */
const LANES = 4;
/** Milliseconds after which a file is not waited for, though it is still fetched: a peer that gives one slowly does not hold up the others. */
const LONGEST = 3000;

/**
 * Releases a coordinator's shares for views of records, each judged by itself. Each view is one that a quorum judged, and whose entry the coordinator
 * knows at its place in the log, so that no checkpoint without it gets its signature, and in a channel in which a log could have
 * another history checkpointed, below a checkpoint on its own ledger; its right holds now by the coordinator's own view; its version is not erased, and the
 * write of it stands in a log; its salt commits to the recipient; and the seal is the one of the version's file, made for that version. Each release is noted on disk first.
 *
 * @param context - The organisation's context.
 * @param options - Store, key, logs, the share, a cipher, and a quota.
 * @param request - Not trusted.
 * @returns Its statement over the views that it releases for, empty if it refuses all of several, and why it refuses the others.
 * @throws MedsealError why it releases nothing for one that is asked for alone, such as `NOT_YET` if it does not know the place
 * of the view yet, or no checkpoint over it. `EVIDENCE_INVALID` if one is not an accepted view with this recipient; `QUOTA_SPENT`;
 * `SHARE_ABSENT`; `REQUEST_TOO_LARGE`, `REQUEST_MALFORMED`.
 */
export async function releaseShares(
  context: ServiceContext,
  options: ReleaseOptions,
  { log, recipient, views, key: wanted, block = 0 }: ReleaseRequest,
): Promise<ReleasedShares> {
  const { network, index, primitives, organisation, random } = context;
  const { database, key, shares: own, cipher, quota, guarded } = options;
  const channelKey = releaseKeyOf(network, log, wanted);
  const shareKey = channelKey && shareKeyId(primitives, channelKey, organisation);
  const held = channelKey && own?.get(bytesToHex(channelKey.id));
  if (!guarded || channelKey === undefined || shareKey === undefined || held === undefined) {
    throw new MedsealError('SHARE_ABSENT', {});
  }
  if (views.length > MOST_RELEASED) {
    throw new MedsealError('REQUEST_TOO_LARGE', { what: 'number of views', limit: MOST_RELEASED });
  }
  // Each costs a share: one view that is named 128 times would cost as many.
  const named = new Set(views.map(({ view, pair }) => `${view.entry} ${pair?.nth ?? ''}`));
  if (named.size === 0 || named.size < views.length) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'views' });
  }
  recipientKey(recipient);
  const check = acknowledgementCheck(context, network);
  const saltOf = (place: number): Hex => readerSalt(primitives, recipient, place);
  const read: ViewRead[] = [];
  /** Verified entries by name and place: many views may be of one set. */
  const verified = new Map<string, EntryRead>();
  for (const each of views) {
    const name = `${each.view.index} ${each.view.entry}`;
    const seen = await context.turns.run(() => {
      const { view, body } = verified.get(name) ?? readEntry(check, log, each.view);
      verified.set(name, { view, body });
      return readView(context, { ...each, view, body }, saltOf);
    });
    read.push(seen);
  }
  await awaitBlock(context, Math.max(block, ...read.map(({ body }) => body.block)));
  const { forks } = promisesOf(sizesOf(logOf(network, log).channel, channelKey.threshold));
  /** Why nothing is released for a view. */
  const refused = new Map<ViewRead, MedsealError>();
  let left: readonly ViewRead[] = read;
  // One moment for all: what it signs is never after the deadline of a view.
  let at = index.moment;
  await narrowToReadable(at);
  // Only what may be read counts, else old views of a reader would spend what it may have; and before files are looked for.
  for (const { body } of left) quota.take(`${log} ${body.request.party}`);
  const writes = left.flatMap(({ record }) => record ?? []);
  const unwritten = await faultsOfWritten(options, writes, forks);
  await narrow(async ({ record, seal, encapsulation }) => {
    requireNone(record && unwritten.get(record.entry));
    // It was verified when the view was judged, and is of the version that this names.
    const write = record && acceptedWrite(context.verifiedBodies.verify(context, network, record));
    if (write === undefined) throw noView();
    const required = guarded.require(channelKey, write, { seal, encapsulation });
    // One alone holds up nothing.
    if (read.length === 1) await required;
    else if (!(await endsWithin(context.clock, LONGEST, required)))
      throw new MedsealError('NOT_YET', { what: 'copy of the file' });
  });
  if (index.moment > at) {
    // A file may have been fetched meanwhile, for longer than its readers had a right to it.
    at = index.moment;
    await narrowToReadable(at);
  }
  const asked = left.map(({ name, view, leaf, message, seal, encapsulation }): ShareAsked => {
    const identity = versionIdentity(network, channelKey, message);
    const set = leaf === undefined ? {} : { of: { entry: view.entry, leaf } };
    return { name, ...set, handle: message.handle, identity, seal, encapsulation };
  });
  const hash = recipientHash(primitives, recipient);
  const noted = { log: logOf(network, log).log.id, key: shareKey, recipient: hash, at };
  await note(database, asked, ({ name, handle, of }) => {
    const told = releaseOfNote(primitives, name, noted);
    const { signature } = sign(context, key, 'ShareRelease', told);
    return { ...noted, signature, handle, ...(of && { of }) };
  });
  const seals = asked.map((each) => sealHash(primitives, each));
  const shares: Hex[] = [];
  for (const [place, { identity, seal }] of asked.entries()) {
    const shareName = `${shareKey} ${seals[place] ?? ''} ${bytesToHex(identity)}`;
    const share = await options.kept.share(shareName, async () => {
      // It takes longer than most of what others wait for: they have their turn before each.
      await setImmediate();
      const { point } = readSeal(hexToBytes(seal));
      const of = { keyId: channelKey.id, identity, point, ...memberOf(channelKey, organisation) };
      return bytesToHex(extractShare(primitives.group, of, held, random));
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
  const answer = { release, entries, sealed: base64.encode(sealed), coordinator, signature };
  return refused.size === 0 ? answer : { ...answer, refused: problems() };

  /** Goes on with the views that the log has, whose right holds at a moment, and whose versions are not erased. */
  async function narrowToReadable(moment: number): Promise<void> {
    const entries = [...new Set(left.map(({ view }) => view))];
    const faults = await faultsOfEntered(options, { log, entries, held: forks }, moment);
    await narrow(async (each) => {
      const { view, request } = each;
      requireNone(faults.get(view.entry));
      await context.turns.run(() => {
        judgeEvidence(context, network, index, request, each, moment);
      });
      const category = await erasedCategory(options.erasures, request, each);
      if (category !== undefined) throw new MedsealError('RECORD_ERASED', { category });
    });
  }

  /** Goes on with the views that pass a step; throws if the only one does not. */
  async function narrow(step: (view: ViewRead) => Promise<void>): Promise<void> {
    await inLanes(left, LANES, async (view) => {
      await step(view).catch((error: unknown) => {
        if (!(error instanceof MedsealError)) throw error;
        refused.set(view, error);
      });
    });
    left = left.filter((view) => !refused.has(view));
    const [only] = read;
    // An error has one reason: several views have theirs in the answer, or one's would be taken for another's.
    if (only !== undefined && read.length === 1) requireNone(refused.get(only));
  }

  /** Waits for a file a while. */
  function problems(): readonly RefusedView[] {
    return read.flatMap((view) => {
      const reason = refused.get(view);
      if (reason === undefined) return [];
      return [{ entry: view.name, problem: toPublicError(reason).toProblem() }];
    });
  }
}

/** A share that is asked for: name of the view, and the seal, which was made for its version. */
interface ShareAsked extends SealAsked {
  readonly name: Bytes32;
  /** The entry and the leaf, if it is of a set. */
  readonly of?: Required<ReleasedView>;
  readonly handle: Handle;
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

/** An entry that a quorum accepted. */
interface EntryRead {
  readonly view: Acknowledgement;
  readonly body: Body;
}

/** A view of one record in such an entry, with its name. */
interface ViewRead extends ViewToRelease, EntryRead, ViewInEntry {
  readonly name: Bytes32;
}

/** Reads an entry of the log that a quorum accepted. */
function readEntry(check: AcknowledgementCheck, log: LogName, view: Acknowledgement): EntryRead {
  const body = check.request(view);
  if (view.log !== log || body.flag !== 'A') throw noView();
  return { view, body };
}

/** Reads a view of one record that commits to the recipient. */
function readView(
  { primitives }: ServiceContext,
  asked: ViewToRelease & EntryRead,
  saltOf: (place: number) => Hex,
): ViewRead {
  const seen = viewInEntry(primitives, asked.body, asked.pair);
  if (seen === undefined) throw noView();
  const { leaf } = seen;
  const name = releasedName(primitives, { entry: asked.view.entry, ...(leaf && { leaf }) });
  if (seen.message.salt === saltOf(asked.place)) return { ...asked, ...seen, name };
  throw new MedsealError('EVIDENCE_INVALID', { reason: 'the view names another recipient' });
}

/** Notes releases that were not noted before; the first one stays. */
async function note(
  database: ServiceDatabase,
  asked: readonly ShareAsked[],
  rowOf: (asked: ShareAsked) => ReleasedRow,
): Promise<void> {
  const known = await database.getMany(asked.map(({ name }) => releasedKey(name)));
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

function requireNone(fault: MedsealError | undefined): void {
  if (fault !== undefined) throw fault;
}

function noView(): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason: 'it is not an accepted view of a record' });
}
