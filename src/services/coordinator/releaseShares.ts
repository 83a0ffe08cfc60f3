import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { acceptedWrite } from '../../log/acceptedWrite.ts';
import { endsWithin } from '../../protocol/endsWithin.ts';
import type { LogName } from '../../protocol/ids.ts';
import { judgeEvidence } from '../../protocol/evidence/judgeEvidence.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { promisesOf, sizesOf } from '../../protocol/evidence/promisesOf.ts';
import { shareKeyId } from '../../protocol/release/releasedShare.ts';
import { viewIdentity } from '../../protocol/release/viewIdentity.ts';
import type { ReleasedShares } from '../../protocol/release/ReleasedShares.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { awaitBlock } from '../awaitBlock.ts';
import type { MinuteQuota } from '../MinuteQuota.ts';
import type { ReleaseRequest } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { erasedCategory } from '../entries/erasedCategory.ts';
import type { KnownErasures } from '../entries/KnownErasures.ts';
import type { OwnShares } from './CoordinatorOptions.ts';
import type { GuardedFiles } from './GuardedFiles.ts';
import { noView, ReleasableViews } from './ReleasableViews.ts';
import { sealShares, type ShareSealing, type ShareKey } from './sealShares.ts';
import { faultsOfEntered, faultsOfWritten, type LogsSeen } from './faultsOfEntered.ts';

/** Parts of a coordinator that releases shares. */
export interface ReleaseOptions extends LogsSeen, ShareSealing {
  readonly shares?: OwnShares | undefined;
  /** Requires that a seal is the one of a version's file, or was made for a takeover. */
  readonly guarded?: Pick<GuardedFiles, 'require' | 'requireMade'> | undefined;
  /** Limits the views of a party and log that it releases for. */
  readonly quota: MinuteQuota;
  readonly erasures: KnownErasures;
}

/** Milliseconds after which a file is not waited for, though it is still fetched: a peer that gives one slowly does not hold up the others. */
const LONGEST = 3000;

/**
 * Releases a coordinator's shares for views of records, each judged by itself. Each view is one that a quorum judged, and whose entry the coordinator
 * knows at its place in the log, so that no checkpoint without it gets its signature, and in a channel in which a log could have
 * another history checkpointed, below a checkpoint on its own ledger; its right holds now by the coordinator's own view; its version is not erased, and the
 * write of it stands in a log; its salt commits to the recipient; and the seal is the one of the version's file, made for that version. A view of a
 * takeover has neither version nor file: its seal was made for the chart and the number of the change. Each release is noted on disk first.
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
  request: ReleaseRequest,
): Promise<ReleasedShares> {
  const { network, index } = context;
  const { log, block = 0 } = request;
  const { guarded } = options;
  const shareKey = shareKeyFor(context, options, request);
  if (!guarded || shareKey === undefined) throw new MedsealError('SHARE_ABSENT', {});
  const views = await ReleasableViews.read(context, request);
  await awaitBlock(context, Math.max(block, ...views.all.map(({ body }) => body.block)));
  const { channel } = logOf(network, log);
  const { forks } = promisesOf(sizesOf(channel, shareKey.channelKey.threshold));
  // One moment for all: what it signs is never after the deadline of a view.
  let at = index.moment;
  await narrowToReadable(context, options, log, views, { at, forks });
  // Only what may be read counts, else old views of a reader would spend what it may have; and before files are looked for.
  for (const { body } of views.left) options.quota.take(`${log} ${body.request.party}`);
  const writes = views.left.flatMap(({ record }) => record ?? []);
  const unwritten = await faultsOfWritten(options, writes, forks);
  await views.narrow(async ({ message, record, seal, encapsulation }) => {
    if (message.what === 'takeover') {
      const identity = viewIdentity(network, shareKey.channelKey, message);
      return await guarded.requireMade(shareKey.channelKey, identity, { seal, encapsulation });
    }
    requireNone(record && unwritten.get(record.entry));
    // It was verified when the view was judged, and is of the version that this names.
    const write = record && acceptedWrite(context.verifiedBodies.verify(context, network, record));
    if (write === undefined) throw noView();
    const required = guarded.require(shareKey.channelKey, write, { seal, encapsulation });
    // One alone holds up nothing.
    if (views.all.length === 1) await required;
    else if (!(await endsWithin(context.clock, LONGEST, required)))
      throw new MedsealError('NOT_YET', { what: 'copy of the file' });
  });
  if (index.moment > at) {
    // A file may have been fetched meanwhile, for longer than its readers had a right to it.
    at = index.moment;
    await narrowToReadable(context, options, log, views, { at, forks });
  }
  const released = await sealShares(context, options, shareKey, request, views.left, at);
  const refused = views.refused();
  return refused.length === 0 ? released : { ...released, refused };
}

/** The organisation's share of a log's release key; undefined if it has none. */
function shareKeyFor(
  { network, primitives, organisation }: ServiceContext,
  { shares }: Pick<ReleaseOptions, 'shares'>,
  { log, key }: Pick<ReleaseRequest, 'log' | 'key'>,
): ShareKey | undefined {
  const channelKey = releaseKeyOf(network, log, key);
  const name = channelKey && shareKeyId(primitives, channelKey, organisation);
  const secret = channelKey && shares?.get(bytesToHex(channelKey.id));
  if (channelKey === undefined || name === undefined || secret === undefined) return undefined;
  return { channelKey, name, secret };
}

/** Goes on with the views that the log has, whose right holds at a moment, and whose versions are not erased. */
async function narrowToReadable(
  context: ServiceContext,
  options: ReleaseOptions,
  log: LogName,
  views: ReleasableViews,
  { at, forks }: { readonly at: number; readonly forks: boolean },
): Promise<void> {
  const entries = [...new Set(views.left.map(({ view }) => view))];
  const faults = await faultsOfEntered(options, { log, entries, held: forks }, at);
  await views.narrow(async (each) => {
    const { view, request } = each;
    requireNone(faults.get(view.entry));
    await context.turns.run(() => {
      judgeEvidence(context, context.network, context.index, request, each, at);
    });
    const category = await erasedCategory(options.erasures, request, each);
    if (category !== undefined) throw new MedsealError('RECORD_ERASED', { category });
  });
}

function requireNone(fault: MedsealError | undefined): void {
  if (fault !== undefined) throw fault;
}
