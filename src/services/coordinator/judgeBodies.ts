import { BINARY_VALUES } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { ReadBody } from '../../protocol/evidence/EvidenceReader.ts';
import type { EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import { MOST_PAIRS } from '../../protocol/evidence/viewSet.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { awaitBlock } from '../awaitBlock.ts';
import { recallSupport } from '../entries/recallSupport.ts';
import type { JudgedBody, Judgement } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { AgreedBodies } from './AgreedBodies.ts';
import { bodyKey } from './coordinatorKeys.ts';
import type { CoordinatorOptions } from './CoordinatorOptions.ts';
import { disputedPairs } from './disputedPairs.ts';
import { examineBody } from './examineBody.ts';
import { judgeByStore, type StoreSources } from './judgeByStore.ts';
import { judgeFiles } from './judgeFiles.ts';
import { openJudged } from './openJudged.ts';
import { promiseBodies, type Promises, type TakenPromises } from './promiseBodies.ts';

/** Number of bodies that one call may carry. */
const MAX_BODIES = 1024;

/** Promises and quotas of a coordinator. */
export interface PromisedBodies extends Promises, Pick<StoreSources, 'quotas'> {}

/** A request to judge bodies. */
interface JudgeRequest {
  readonly log: LogName;
  readonly bodies: readonly JudgedBody[];
}

/** Bodies taken apart, in order, or why one is malformed. */
type ReadBodies = readonly (ReadBody | MedsealError)[];

/**
 * Judges bodies for a log, each for itself, keeps those that it agrees to, durably, and then signs over them. It looks
 * everything up for all of them at once. An array is of writes or of views: of the kind of the first that it agrees to.
 *
 * @param context - The organisation's context.
 * @param options - The coordinator's.
 * @param promised - Promises of the coordinator.
 * @param request - Not trusted.
 * @throws MedsealError `REQUEST_TOO_LARGE`; `QUOTA_SPENT` if too much is kept that the log does not hold; `NOT_FOUND`
 * if there is no such log; `LEDGER_UNREACHABLE`.
 */
export async function judgeBodies(
  context: ServiceContext,
  options: CoordinatorOptions,
  promised: PromisedBodies,
  request: JudgeRequest,
): Promise<Judgement> {
  const { claims, answers, due } = promised;
  const sources = { ...options, ...promised };
  const { log } = logOf(context.network, request.log);
  requireLimits(request.bodies);
  if (!(await due.hasRoom(log.name))) throw new MedsealError('QUOTA_SPENT', { what: 'bodies' });
  const read = await context.reader.bodies(request.bodies.map(textOf));
  await awaitBlock(context, newestIn(read));
  const agreedTo = async (entries: readonly Bytes32[]): Promise<readonly boolean[]> =>
    await areKept(options, entries);
  await recallSupport(context.verifiedBodies, { logs: options.logs, agreedTo }, request.bodies);
  const bodies = await examineAll(context, request, read);
  // Before files are fetched: a file goes to the first who names it, however long it takes to come here.
  const claimed = await takeClaims(promised, bodies);
  let answered: TakenPromises['answered'] = [];
  try {
    await bodies.narrow(async (examined, place) => {
      const support: EvidenceSupport = request.bodies[place] ?? {};
      await judgeByStore(context, sources, examined, support);
      const disputed = await disputedPairs(context, sources, examined, support);
      if (disputed.length > 0) bodies.dispute(place, disputed);
    });
    // The last that is asked: a file stays on the disk for a while, whatever becomes of its write.
    await judgeFiles(context, options, log.name, bodies);
    answered = await takeAnswers(promised, log.name, bodies);
    return await promiseBodies(context, options, promised, log, bodies, { claimed, answered });
  } finally {
    for (const each of claimed.values()) for (const claim of each) claims.settle(claim);
    for (const { answer } of answered) answers.settle(answer);
  }
}

/** Requires that a request is not larger than one call may be. */
function requireLimits(bodies: readonly JudgedBody[]): void {
  if (bodies.length > MAX_BODIES) {
    throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_BODIES });
  }
  for (const what of ['pairs', 'records'] as const) {
    const listed = bodies.reduce((sum, body) => sum + (body?.[what]?.length ?? 0), 0);
    if (listed <= MOST_PAIRS) continue;
    throw new MedsealError('REQUEST_TOO_LARGE', { what: `number of ${what}`, limit: MOST_PAIRS });
  }
}

/** Bodies are kept before they are signed over, and given up once their promise came to nothing. */
async function areKept(
  { database, bodies }: Pick<CoordinatorOptions, 'database' | 'bodies'>,
  entries: readonly Bytes32[],
): Promise<readonly boolean[]> {
  const rows = await database.getMany<string, Uint8Array>(entries.map(bodyKey), BINARY_VALUES);
  return entries.map((entry, i) => openJudged(bodies, entry, rows[i]) !== undefined);
}

/** Judges what can be told from the bodies and the ledger. */
async function examineAll(
  context: ServiceContext,
  { log, bodies }: JudgeRequest,
  read: ReadBodies,
): Promise<AgreedBodies> {
  const agreed = new AgreedBodies();
  for (const [place, judged] of bodies.entries()) {
    try {
      const body = read[place];
      if (body === undefined || body instanceof MedsealError) throw body;
      agreed.agree(place, await context.turns.run(() => examineBody(context, log, body, judged)));
    } catch (error) {
      agreed.refuse(place, toMedsealError(error));
    }
  }
  const { kind } = agreed;
  for (const [place, examined] of agreed.placed) {
    if (examined.kind === kind) continue;
    agreed.refuse(place, new MedsealError('REQUEST_MALFORMED', { what: 'array' }));
  }
  return agreed;
}

/** Claims what entries want, by place; those that cannot have it are refused. */
async function takeClaims(
  { claims }: Pick<Promises, 'claims'>,
  bodies: AgreedBodies,
): Promise<TakenPromises['claimed']> {
  const wanting = bodies.placed.flatMap(([place, { wants }]) => (wants ? [{ place, wants }] : []));
  const answers = await claims.takeAll(wanting.map(({ wants }) => wants));
  return new Map(
    wanting.flatMap(({ place }, i) => {
      const answer = answers[i] ?? [];
      if (!(answer instanceof MedsealError)) return [[place, answer]];
      bodies.refuse(place, answer);
      return [];
    }),
  );
}

/** Takes the answers that bodies give to requests; those that contradict another are refused. */
async function takeAnswers(
  { answers }: Pick<Promises, 'answers'>,
  log: LogName,
  bodies: AgreedBodies,
): Promise<TakenPromises['answered']> {
  const answering = bodies.placed.flatMap(([place, { answer }]) => {
    return answer === undefined ? [] : [{ place, answer }];
  });
  const wanted = answering.map(({ answer }) => answer);
  const disputed = await answers.takeAll(log, wanted);
  return answering.filter(({ place }, i) => {
    const reason = disputed[i];
    if (reason !== undefined) bodies.refuse(place, reason);
    return reason === undefined;
  });
}

/** The newest block that bodies name; -1 if none names one. */
function newestIn(read: ReadBodies): number {
  const blocks = read.map((each) =>
    each instanceof MedsealError || each.body.format === 'medseal-summary/1' ? -1 : each.body.block,
  );
  return Math.max(-1, ...blocks);
}

/** Returns a body's text; an empty one, which is not a body, for anything else. */
function textOf(judged: JudgedBody | null | undefined): string {
  const text: unknown = judged?.body;
  return typeof text === 'string' ? text : '';
}
