import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { ListedPart } from '../../protocol/evidence/chartPart.ts';
import type { SignedTally } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type LogName } from '../../protocol/ids.ts';
import { judgeEvidence, type EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import { opensByRelease } from '../../protocol/release/viewIdentity.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import type { Signed, Tally } from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { tallyNonce } from '../../protocol/evidence/tallyNonce.ts';
import { verifyAcknowledgement } from '../../protocol/evidence/verifyAcknowledgement.ts';
import { awaitBlock } from '../awaitBlock.ts';
import { coveredPart } from '../entries/coveredPart.ts';
import { placesFor } from '../entries/placesFor.ts';
import type { TallyQuery } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { requireOnLedger } from './requireOnLedger.ts';

/**
 * Counts entries of a log in an organisation's own copy: those that concern the patient of an acknowledged audit, that the
 * party of an acknowledged chain signed, or that an acknowledged view of a chart covers, whose right is judged again.
 *
 * @param context - The organisation's context.
 * @param options - The coordinator's key, and the organisation's logs.
 * @param query - The audit, chain or chart, and the checkpoint to count to.
 * @throws MedsealError `NOT_YET`, `NOT_FOUND`, `CHECKPOINT_REFUSED`, `RIGHT_MISSING`, `EVIDENCE_INVALID`; for a chart also
 * `RIGHT_ENDED`, `PARTY_SUSPENDED`, `REQUEST_LATE`.
 */
export async function tallyEntries(
  context: ServiceContext,
  options: {
    readonly key: SeatKey;
    readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  },
  { audit, log: name, size, root, opening, will, part }: TallyQuery,
): Promise<SignedTally> {
  const { flag, request, block } = verifyAcknowledgement(context, context.network, audit);
  if (flag !== 'A' || !isListing(request)) throw new MedsealError('RIGHT_MISSING', {});
  const view = request.message;
  const log = options.logs.get(name);
  if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
  if (size > log.size) throw new MedsealError('NOT_YET', { what: 'copy of the log' });
  if ((await log.root(size)) !== root) {
    throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'the copy here is another log' });
  }
  // A node that hides a log's checkpoints would have its beginning counted, which has nothing.
  if (size === 0 && log.size > 0) {
    throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'the copy here has entries' });
  }
  await requireOnLedger(context, log.identity.id, size);
  const support = { ...(opening && { opening }), ...(will && { will }) };
  const counted =
    view.what === 'chart'
      ? await chartIn(context, log, { request, size, block, support, part })
      : await listIn(log, request, size);
  const tally: Tally = {
    nonce: tallyNonce(context.primitives, digestOf(context, 'View', view), root, part),
    log: log.identity.id,
    handle: view.handle,
    size,
    ...counted,
  };
  const { party: coordinator, signature } = sign(context, options.key, 'Tally', tally);
  return { tally, coordinator, signature };
}

/** Tells whether a request is a view of which a list of entries can be counted. */
function isListing(request: Signed): request is Signed<'View'> {
  return request.type === 'View' && !opensByRelease((request as Signed<'View'>).message.what);
}

async function listIn(
  log: EvidenceLog,
  request: Signed<'View'>,
  size: number,
): Promise<Pick<Tally, 'count' | 'last'>> {
  // A coordinator that cannot say whom each entry concerns does not count: too small a number would be a lie.
  const unknown = request.message.what === 'audit' ? await log.unknown() : [];
  if (unknown.some((index) => index < size)) {
    throw new MedsealError('NOT_YET', { what: 'index of entries whose bodies were erased' });
  }
  const places = await placesFor(log, request, size);
  return { count: places.length, last: await entryAt(log, places.at(-1)) };
}

/** Counts what a chart has of a log now: the right may have ended since it was viewed. */
async function chartIn(
  context: ServiceContext,
  log: EvidenceLog,
  {
    request,
    size,
    block,
    support,
    part,
  }: {
    readonly request: Signed<'View'>;
    readonly size: number;
    readonly block: number;
    readonly support: EvidenceSupport;
    readonly part: ListedPart | undefined;
  },
): Promise<Pick<Tally, 'count' | 'last'>> {
  await awaitBlock(context, block);
  const { network, index, primitives } = context;
  const coverage = judgeEvidence(context, network, index, request, support, index.moment);
  const writes = await coveredPart(log, request.message.handle, coverage, { part, size });
  const entries = writes.map(({ entry }) => entry);
  return { count: entries.length, last: listRoot(primitives, entries) };
}

async function entryAt(log: EvidenceLog, index: number | undefined): Promise<Bytes32> {
  if (index === undefined) return ZERO32;
  const [stored] = await log.stored({ from: index, to: index + 1 });
  return stored?.entry ?? ZERO32;
}
