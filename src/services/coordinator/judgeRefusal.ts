import { digestOfOpening, parseOpening } from '../../protocol/rights/RightOpening.ts';
import { isGivenOn } from '../entries/isKnownOn.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { askedView, isView } from '../../protocol/evidence/askedView.ts';
import { answeredBy } from '../../protocol/evidence/answeredBy.ts';
import { builtOn } from '../../protocol/evidence/builtOn.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { isRefusalCode } from '../../protocol/wire/isRefusalCode.ts';
import { isNewestWill } from '../../protocol/care/judgeDeath.ts';
import { judgeEvidence, type EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { requireTimely } from '../../protocol/evidence/requireTimely.ts';
import { supportOf } from './supportOf.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { isRefusedByStore, type JudgedRefusal, type RefusalSources } from './isRefusedByStore.ts';
import type { ChartVersion } from '../entries/versionPlaces.ts';

/** A refusal whose party signed the request in it. */
export type Refusal = Pick<JudgedRefusal, 'body' | 'digest'>;

/**
 * Judges a refusal: a coordinator agrees only if it finds the same reason itself, from its own view of the ledger, the
 * logs and the files. It does not sign what it would accept, what it would refuse for another reason, or what only the
 * agent can know; the agent answers and counts that.
 *
 * @param context - The organisation's context, its index brought up to date.
 * @param sources - Sources of reasons that the ledger does not tell.
 * @param refusal - The refusal.
 * @param support - Openings and other support; not trusted.
 * @throws MedsealError `REQUEST_MALFORMED` for a code that no entry can have, and for a malformed opening or will;
 * `REQUEST_LATE`, `REQUEST_EARLY`; `NOT_FOUND` if there is no such patient, or the opening of a standing grant was not
 * shown; `ANSWER_DISPUTED`.
 */
export async function judgeRefusal(
  context: ServiceContext,
  sources: RefusalSources,
  { body, digest }: Refusal,
  support: EvidenceSupport,
): Promise<void> {
  const { request, code, at } = body;
  const { handle, deadline } = request.message;
  if (!isRefusalCode(code)) throw new MedsealError('REQUEST_MALFORMED', { what: 'code' });
  // The agent put it there: its form is not a fault of the request.
  if (support.opening !== undefined) parseOpening(support.opening);
  if (support.will !== undefined) parseMessage('Will', support.will);
  requireTimely(deadline, at);
  // It would be on nobody's audit.
  if (context.index.patient(handle) === undefined)
    throw new MedsealError('NOT_FOUND', { what: 'patient' });
  if (!(await isFound({ context, sources, body, digest, support })))
    throw new MedsealError('ANSWER_DISPUTED', {});
}

async function isFound(judged: JudgedRefusal): Promise<boolean> {
  const { context, sources, body } = judged;
  const { request, code } = body;
  const own = await context.turns.run(() => ownReason(judged));
  if (own === undefined) return await isRefusedByStore(judged);
  if (own !== code) return false;
  if (code === 'RIGHT_MISSING') await requireOpening(judged);
  if (code === 'RIGHT_ENDED') requireWill(judged);
  if (code !== 'NOT_FOUND') return true;
  const sought = soughtBy(request);
  for (const each of sought) if (!(await isThere(sources, each))) return true;
  return sought.length === 0;
}

/** Reason for which the coordinator itself would refuse the request; undefined if it would not. */
function ownReason({ context, body, support }: JudgedRefusal): ErrorCode | undefined {
  const { network, index } = context;
  try {
    judgeEvidence(context, network, index, body.request, supportOf(body, support), body.at);
    return undefined;
  } catch (error) {
    return toMedsealError(error).code;
  }
}

/**
 * Without the opening of a standing grant its coverage is unknown, and an agent can leave out what it was shown; so
 * the opening must be there, unless the grantee is known and is another.
 */
async function requireOpening({ context, sources, body, support }: JudgedRefusal): Promise<void> {
  const { request } = body;
  const { handle, grant } = request.message;
  if (request.type !== 'Write' && !isView(request)) return;
  if (grant === ZERO32 || !isGivenOn(context.index, handle, grant)) return;
  const { opening } = support;
  if (opening !== undefined && digestOfOpening(context, opening) === grant) return;
  const ends = await sources.deposits.ends(handle);
  const known = ends.find((end) => end.grant === grant);
  if (known !== undefined && known.grantee !== request.party) return;
  throw new MedsealError('NOT_FOUND', { what: 'opening' });
}

/** Without the opening of the will of somebody dead it is unknown which grants hold on; an agent can leave it out. */
function requireWill({ context, body, support }: JudgedRefusal): void {
  const { handle } = body.request.message;
  const { death, will } = context.index.life(handle);
  if (death.stage !== 'confirmed' || will === undefined) return;
  if (isNewestWill(context, context.index, handle, support.will)) return;
  throw new MedsealError('NOT_FOUND', { what: 'opening of the will' });
}

/** Tells whether a record version stands in a log, or was promised to. */
async function isThere({ claims, logs }: RefusalSources, version: ChartVersion): Promise<boolean> {
  if ((await claims.holderOf(version)) !== undefined) return true;
  for (const log of logs.values()) {
    if ((await log.placeOf(version.handle, version)) !== undefined) return true;
  }
  return false;
}

/** The record versions that a request builds on. */
function soughtBy(request: Body['request']): readonly ChartVersion[] {
  if (request.type === 'Write') {
    const write = request.message as Write;
    return [builtOn(write), answeredBy(write)].filter((each) => each !== undefined);
  }
  const view = askedView(request);
  return view === undefined ? [] : [view];
}
