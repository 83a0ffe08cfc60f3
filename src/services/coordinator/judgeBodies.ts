import { bytesToHex } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { ReadBody } from '../../protocol/evidence/EvidenceReader.ts';
import { ZERO32, type Bytes32, type LogName } from '../../protocol/ids.ts';
import type { EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import type { EvidenceType, Grant, Signed, View, Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { MOST_PAIRS } from '../../protocol/evidence/viewSet.ts';
import type { Claim, Claims } from './Claims.ts';
import type { HeldFiles } from '../contributor/holdFiles.ts';
import { dueEpoch } from '../dueEpoch.ts';
import { erasedCategory } from '../entries/erasedCategory.ts';
import { judgePairs } from '../entries/judgePairs.ts';
import { isKnownOn } from '../entries/isKnownOn.ts';
import { recallSupport } from '../entries/recallSupport.ts';
import { endOf } from '../deposits/endOf.ts';
import type { JudgedBody, Judgement } from '../ports.ts';
import { DAILY_BYTES, type ByteAllowance } from './ByteAllowance.ts';
import type { RefusalAllowance, WantedRefusal } from './RefusalAllowance.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { awaitBlock } from '../awaitBlock.ts';
import { bodyKey } from './coordinatorKeys.ts';
import { BINARY_VALUES, SYNCED } from '../../database/synced.ts';
import type { CoordinatorOptions } from './CoordinatorOptions.ts';
import type { RememberedVerdict, Answers } from './Answers.ts';
import type { DueBodies } from './DueBodies.ts';
import type { JudgedErasures } from './JudgedErasures.ts';
import { dueBytes } from './dueBytes.ts';
import { examineBody, type ExaminedBody } from './examineBody.ts';
import { judgeRefusal } from './judgeRefusal.ts';
import { openJudged } from './openJudged.ts';
import { pairRows } from './pairRows.ts';

/** Seconds after the moment until which the log must hold the judged entries. */
export const INCLUSION_WINDOW = 60;
/** Number of bodies that one call may carry. */
const MAX_BODIES = 1024;

/** Promises of a coordinator, which it cannot give otherwise. */
export interface PromisedBodies {
  /** Claims that only one entry can have. */
  readonly claims: Claims;
  /** Its answers to requests. */
  readonly answers: Answers;
  /** Bodies that it keeps until a log holds them. */
  readonly due: DueBodies;
  /** Number of refusals that it still agrees to today. */
  readonly allowance: RefusalAllowance;
  /** Number of requests for rights, and answers, that it still agrees to today. */
  readonly asks: RefusalAllowance;
  /** Bytes of sealed files that it still agrees to today. */
  readonly bytes: ByteAllowance;
  /** Erasures that it knows of. */
  readonly erasures: JudgedErasures;
}

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
  { claims, answers, due, allowance, asks, bytes: today, erasures }: PromisedBodies,
  request: { readonly log: LogName; readonly bodies: readonly JudgedBody[] },
): Promise<Judgement> {
  const { network, index, primitives, reader } = context;
  const { log } = logOf(network, request.log);
  if (request.bodies.length > MAX_BODIES) {
    throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_BODIES });
  }
  for (const what of ['pairs', 'records'] as const) {
    const listed = request.bodies.reduce((sum, body) => sum + (body?.[what]?.length ?? 0), 0);
    if (listed <= MOST_PAIRS) continue;
    throw new MedsealError('REQUEST_TOO_LARGE', { what: `number of ${what}`, limit: MOST_PAIRS });
  }
  if (!(await due.hasRoom(request.log))) throw new MedsealError('QUOTA_SPENT', { what: 'bodies' });
  const read = await reader.bodies(request.bodies.map(textOf));
  await awaitBlock(context, newestIn(read));
  await recallSupport(context.verifiedBodies, { logs: options.logs, agreedTo }, request.bodies);
  /** Bodies that are agreed to so far, by place. */
  const agreed = new Map<number, ExaminedBody>();
  const reasons = new Map<number, MedsealError>();
  /** Places in the lists of sets of views that are judged otherwise here than their bodies say, by the place of the set. */
  const disputed = new Map<number, readonly number[]>();
  for (const [place, judged] of request.bodies.entries()) {
    try {
      const body = read[place];
      if (body === undefined || body instanceof MedsealError) throw body;
      const examined = await context.turns.run(() =>
        examineBody(context, request.log, body, judged),
      );
      agreed.set(place, examined);
    } catch (error) {
      reasons.set(place, toMedsealError(error));
    }
  }
  const [kind = 'writes'] = [...agreed.values()].map((examined) => examined.kind);
  for (const [place, examined] of agreed) {
    // A verdict is over an array of one kind.
    if (examined.kind === kind) continue;
    refuse(place, new MedsealError('REQUEST_MALFORMED', { what: 'array' }));
  }
  // Before files are fetched: a file goes to the first who names it, however long it takes to come here.
  const claimed = await takeClaims();
  let answered: readonly { place: number; answer: RememberedVerdict }[] = [];
  try {
    await narrow(async (examined, place) => {
      const { write, view, set, ask, at, refusal } = examined;
      if (refusal !== undefined) {
        const sources = { ...options, claims, erasures };
        const support: EvidenceSupport = request.bodies[place] ?? {};
        await judgeRefusal(context, sources, refusal, support);
        takeAllowance(refusal.body.request, examined, support);
      }
      if (ask !== undefined) await takeAsk(ask, at);
      if (view !== undefined) {
        const support: EvidenceSupport = request.bodies[place] ?? {};
        const category = await erasedCategory(erasures, view, support);
        if (category !== undefined) throw new MedsealError('RECORD_ERASED', { category });
        await noteReader(view.message, support.opening);
      }
      if (set !== undefined) {
        await requireSameLeft(set, place, at);
      }
      if (write === undefined) return;
      await requireEpoch(write, at);
      await takeBytes(examined, write);
    });
    // The last that is asked: a file stays on the disk for a while, whatever becomes of its write.
    const files = await heldFiles();
    const guarded = await guardedFiles(files);
    await narrow(async ({ write, at }) => {
      if (write === undefined) return;
      const size = files.sizes.get(write.file);
      if (size === undefined)
        throw files.failures.get(write.file) ?? new MedsealError('FILE_ABSENT', {});
      if (size !== write.size) throw new MedsealError('FILE_MISMATCH', {});
      if (guarded?.has(write.file) === false) {
        throw new MedsealError('SEAL_UNGUARDED', {});
      }
      // A right may have ended while the file came.
      await requireEpoch(write, at);
    });
    answered = await takeAnswers();
    return await signed();
  } finally {
    for (const each of claimed.values()) for (const claim of each) claims.settle(claim);
    for (const { answer } of answered) answers.settle(answer);
  }

  /** Bodies are kept before they are signed over, and given up once their promise came to nothing. */
  async function agreedTo(entries: readonly Bytes32[]): Promise<readonly boolean[]> {
    const keys = entries.map(bodyKey);
    const rows = await options.database.getMany<string, Uint8Array>(keys, BINARY_VALUES);
    return entries.map((entry, i) => openJudged(options.bodies, entry, rows[i]) !== undefined);
  }

  /** Keeps the accepted bodies and the promises that follow from them; then signs. */
  async function signed(): Promise<Judgement> {
    const refused = [...reasons]
      .toSorted(([left], [right]) => left - right)
      .map(([place, reason]) => {
        const pairs = disputed.get(place);
        return { index: place, problem: reason.toProblem(), ...(pairs && { pairs }) };
      });
    if (agreed.size === 0) return { refused };
    const bodies = [...agreed.values()];
    const lists = (await pairRows(options, bodies)).map((row) => {
      return { type: 'put' as const, ...row, ...BINARY_VALUES };
    });
    // A clock that lags behind the ledger would give promises that are over already.
    const at = index.moment;
    const includeBy = at + INCLUSION_WINDOW;
    for (const { erase } of bodies) if (erase !== undefined) erasures.note({ erase, includeBy });
    const rows = bodies.map(({ entry, bytes }) => ({
      type: 'put' as const,
      key: bodyKey(bytesToHex(entry)),
      value: options.bodies.seal(0, bytes),
      ...BINARY_VALUES,
    }));
    const dueRow = due.row({
      log: request.log,
      includeBy,
      bytes: bodies.reduce(
        (sum, { bytes, pairs = [] }) => sum + dueBytes(bytes.length, pairs.length),
        0,
      ),
      bodies: bodies.map(({ entry: hash, answer, at: moment, erase }) => {
        const entry = bytesToHex(hash);
        // A summary answers nobody, and is found by itself.
        const { request: name, deadline } = answer ?? { request: entry, deadline: moment };
        const erases = erase === undefined ? {} : { erases: true };
        return { entry, request: name, deadline, ...erases };
      }),
    });
    // A body that was refused since holds no claim.
    const promised = [...agreed.keys()].flatMap((place) => claimed.get(place) ?? []);
    const promises = promised.map((claim) => ({
      type: 'put' as const,
      ...claims.row(claim, includeBy),
    }));
    const said = answered.flatMap(({ place, answer }) => {
      return agreed.has(place) ? [{ type: 'put' as const, ...answers.row(answer, includeBy) }] : [];
    });
    const changes = [...rows, ...lists, ...promises, ...said, { type: 'put' as const, ...dueRow }];
    await options.database.batch<string, string | Uint8Array>(changes, SYNCED);
    const leaves = bodies.map(({ entry }) => leafHash(primitives, entry));
    const root = bytesToHex(rootOf(primitives, leaves));
    const verdict = { kind, log: log.id, size: leaves.length, root, at, includeBy };
    const { party, signature } = sign(context, options.key, 'Verdict', verdict);
    return { refused, verdict: { verdict, coordinator: party, signature } };
  }

  /** Counts a refusal. */
  function takeAllowance(
    { party, message }: Signed<EvidenceType>,
    { answer, pairs = [], at }: ExaminedBody,
    { opening }: EvidenceSupport,
  ): void {
    const { handle } = message;
    const known = isKnownOn(context, { party, message }, opening);
    const isPatient = index.patient(handle)?.controller === party;
    const counted = { pairs: pairs.length, ...(answer && { request: answer.request }) };
    if (allowance.take({ handle, party, known, isPatient, ...counted }, at)) return;
    throw new MedsealError('QUOTA_SPENT', { what: 'refusals' });
  }

  /** Counts a request for a right, or its answer; strangers have no standing right on the chart. */
  async function takeAsk(ask: WantedRefusal, at: number): Promise<void> {
    const grantees = ask.known ? [] : await options.deposits.grantees(ask.handle);
    const known =
      ask.known ||
      grantees.some(({ grantee, grant }) => {
        return grantee === ask.party && index.grant(grant)?.state === 'active';
      });
    if (asks.take({ ...ask, known }, at)) return;
    throw new MedsealError('QUOTA_SPENT', { what: 'requests for rights' });
  }

  /**
   * Requires that the body of a set of views leaves out just what is not accepted here: a record that an agent leaves out though the
   * right covers it would be refused under coordinators' signatures. One whose entry is on its way is not left out.
   */
  async function requireSameLeft(set: Signed<'ViewSet'>, place: number, at: number): Promise<void> {
    const body = read[place];
    if (body === undefined || body instanceof MedsealError) return;
    const left = new Set((body.body as Body).left);
    const support: EvidenceSupport = request.bodies[place] ?? {};
    const { pairs = [] } = support;
    const { handle } = set.message;
    const sources = { logs: options.logs, erasures };
    const judged = await judgePairs(context, sources, set, support, pairs, at);
    const judging = pairs.map(async (pair, nth) => {
      const reason = judged[nth];
      if (!(reason instanceof MedsealError)) return left.has(nth);
      if (!left.has(nth)) return true;
      if (!isMedsealError(reason, 'NOT_FOUND')) return false;
      return (await claims.holderOf({ handle, ...pair })) !== undefined;
    });
    const others = (await Promise.all(judging)).flatMap((isOther, nth) => (isOther ? [nth] : []));
    if (others.length === 0) return;
    disputed.set(place, others);
    throw new MedsealError('ANSWER_DISPUTED', {});
  }

  async function requireEpoch({ handle, epoch }: Write, at: number): Promise<void> {
    const due = await dueEpoch({ index, deposits: options.deposits }, handle, at);
    if (due > epoch) throw new MedsealError('EPOCH_DUE', { epoch: due });
  }

  async function takeBytes(
    { author, at }: ExaminedBody,
    { handle, file, size }: Write,
  ): Promise<void> {
    if (author === undefined) return;
    const role = index.party(author)?.role;
    const isPatient = index.patient(handle)?.controller === author;
    const wanted = { party: author, role, handle, isPatient, bytes: size, file };
    if (await today.take(wanted, at)) return;
    throw new MedsealError('QUOTA_SPENT', { what: DAILY_BYTES });
  }

  /** Leaves out bodies that a further examination refuses. */
  async function narrow(
    look: (examined: ExaminedBody, place: number) => Promise<void>,
  ): Promise<void> {
    const looking = [...agreed].map(async ([place, examined]) => {
      await look(examined, place).catch((error: unknown) => refuse(place, toMedsealError(error)));
    });
    await Promise.all(looking);
  }

  function refuse(place: number, reason: MedsealError): void {
    agreed.delete(place);
    reasons.set(place, reason);
  }

  /** Returns which files named by writes its organisation holds, once it has fetched what it can. */
  async function heldFiles(): Promise<HeldFiles> {
    const wanted = [...agreed.values()].flatMap(({ write }) => {
      return write === undefined ? [] : [{ hash: write.file, size: write.size }];
    });
    return await options.contributor.hold(wanted, request.log);
  }

  /** The held files that open by a release for the version that names them; undefined if the channel has no release key. */
  async function guardedFiles({ sizes }: HeldFiles): Promise<ReadonlySet<Bytes32> | undefined> {
    const key = releaseKeyOf(network, request.log);
    const { guarded } = options;
    if (key === undefined || guarded === undefined) return undefined;
    const versions = [...agreed.values()].flatMap(({ write }) => {
      if (write === undefined) return [];
      return sizes.get(write.file) === write.size ? [write] : [];
    });
    return await guarded.among(key, versions);
  }

  /**
   * Notes a reader of a chart, who may be given keys: from then on it is known here when the right ends. Packets, which
   * every organisation stores in the end, show how far the keys reach; a guess by those that judged would be their word
   * against the others'.
   */
  async function noteReader({ what, grant }: View, opening: Grant | undefined): Promise<void> {
    // With a view of one's own chart the opening was not judged: it may be anything.
    if (what !== 'chart' || grant === ZERO32 || opening === undefined) return;
    const end = endOf(opening, grant, 0);
    if (end !== undefined) await options.deposits.keep({ end });
  }

  async function takeAnswers(): Promise<readonly { place: number; answer: RememberedVerdict }[]> {
    const answering = [...agreed].flatMap(([place, { answer }]) => {
      return answer === undefined ? [] : [{ place, answer }];
    });
    const disputed = await answers.takeAll(
      request.log,
      answering.map(({ answer }) => answer),
    );
    return answering.filter(({ place }, i) => {
      const reason = disputed[i];
      if (reason !== undefined) refuse(place, reason);
      return reason === undefined;
    });
  }

  /** Claims what entries want, by place; those that cannot have it are refused. */
  async function takeClaims(): Promise<ReadonlyMap<number, readonly Claim[]>> {
    const wanting = [...agreed].flatMap(([place, { wants }]) => (wants ? [{ place, wants }] : []));
    const answers = await claims.takeAll(wanting.map(({ wants }) => wants));
    return new Map(
      wanting.flatMap(({ place }, i) => {
        const answer = answers[i] ?? [];
        if (!(answer instanceof MedsealError)) return [[place, answer]];
        refuse(place, answer);
        return [];
      }),
    );
  }
}

/** The newest block that bodies name; -1 if none names one. */
function newestIn(read: readonly (ReadBody | MedsealError)[]): number {
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
