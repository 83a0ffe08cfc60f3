import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { askedView, isView } from '../../protocol/evidence/askedView.ts';
import type {
  Acknowledgement,
  Body,
  Outcome,
  ReleasedFile,
} from '../../protocol/evidence/evidence.ts';
import type { Address } from '../../protocol/ids.ts';
import { isRefusalCode } from '../../protocol/wire/isRefusalCode.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { Erase, View, Write } from '../../protocol/struct/requests.ts';
import { retained } from '../../protocol/rights/retainedUntil.ts';
import { retainedErase } from '../entries/retainedErase.ts';
import type { PairJudged } from '../entries/judgePairs.ts';
import type { AgentContext } from './AgentContext.ts';
import { chartOf, versionOf } from './chart.ts';
import { judgeRequests, type Candidate, type Received } from './judgeRequests.ts';
import { refusal } from './refusal.ts';
import type { Releases } from './Releases.ts';

/** The answer to a reader about a record version that is left out. */
export const LEFT_OUT = new MedsealError('NOT_FOUND', { what: 'record' });

/**
 * Returns the answer to an entry of the log: a refusal, or the acknowledgement with what was asked for.
 *
 * @param agent - The agent's context.
 * @param releases - Table in which released files are noted.
 * @param candidate - The request, as it was judged.
 * @param acknowledgement - Of its entry.
 * @throws MedsealError `NOT_FOUND` if a record that it views is gone.
 */
export async function answerOf(
  agent: AgentContext,
  releases: Releases,
  { request, digest, coverage, refused, judged, part }: Omit<Candidate, 'place'>,
  acknowledgement: Acknowledgement,
): Promise<Outcome> {
  if (refused !== undefined) return refusal(refused, acknowledgement);
  if (judged !== undefined) {
    // It may be answered again: what was left out then stays out.
    const left = new Set((JSON.parse(acknowledgement.body) as Body).left);
    const files = judged.map((each, place) => {
      const pair = left.has(place) && !(each instanceof MedsealError) ? LEFT_OUT : each;
      return releasedFile(releases, pair, acknowledgement.index, request.party);
    });
    return { outcome: 'acknowledged', acknowledgement, release: { files } };
  }
  const view = askedView(request);
  if (view === undefined) return { outcome: 'acknowledged', acknowledgement };
  if (view.what === 'chart') {
    const chart = await chartOf(agent, view, coverage ?? {}, part);
    const ticket = releases.release('chart', digest, acknowledgement.index, request.party);
    return { outcome: 'acknowledged', acknowledgement, release: { ...chart, ticket } };
  }
  if (view.what === 'audit' || view.what === 'chain') {
    const ticket = releases.release('audit', digest, acknowledgement.index, request.party);
    return { outcome: 'acknowledged', acknowledgement, release: { ticket } };
  }
  // The state came with a view of the chart; its shares are asked for by this entry.
  if (view.what === 'takeover') return { outcome: 'acknowledged', acknowledgement };
  const written = await versionOf(agent, view);
  if (written === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  const { file } = (JSON.parse(written.body) as Body).request.message as Write;
  const ticket = releases.release('file', file, acknowledgement.index, request.party);
  return { outcome: 'acknowledged', acknowledgement, release: { ticket } };
}

/** The ticket of an accepted record version; of another one that it was erased, if the right covers it, and no other reason. */
function releasedFile(
  releases: Releases,
  judged: PairJudged | MedsealError,
  index: number,
  party: Address,
): ReleasedFile {
  if (!(judged instanceof MedsealError)) {
    return { ticket: releases.release('file', judged.write.file, index, party) };
  }
  const reason = isMedsealError(judged, 'RECORD_ERASED') ? judged : LEFT_OUT;
  return { problem: reason.toProblem() };
}

/**
 * Returns the first answer again; a file or packet is released again only while the right still holds. A party that signed the
 * same content again gets the entry that it has already.
 *
 * @param agent - The agent's context.
 * @param releases - Table in which released files are noted.
 * @param received - The request.
 * @param acknowledgement - Of the entry that answered it.
 * @param at - The moment, Unix seconds.
 * @throws MedsealError that says why nothing is released any more.
 */
export async function answerAgain(
  agent: AgentContext,
  releases: Releases,
  received: Received,
  acknowledgement: Acknowledgement,
  at: number,
): Promise<Outcome> {
  const { flag, code, request } = JSON.parse(acknowledgement.body) as Body;
  if (request.signature !== received.request.signature) {
    return refusal(new MedsealError('REQUEST_ALTERED', {}), acknowledgement);
  }
  if (flag === 'R') return refusal(await refusedBefore(agent, received, code), acknowledgement);
  if (!isView(request)) return await answerOf(agent, releases, received, acknowledgement);
  const [judged] = await judgeRequests(agent, [received], at);
  if (judged === undefined || judged instanceof MedsealError) throw judged;
  return await answerOf(agent, releases, judged, acknowledgement);
}

/** A refusal of which the log keeps only the code. */
async function refusedBefore(
  agent: AgentContext,
  { request, pairs: [first] = [] }: Received,
  code: string | undefined,
): Promise<MedsealError> {
  const { handle } = request.message;
  const known = isRefusalCode(code) ? code : 'RIGHT_MISSING';
  switch (known) {
    case 'RETENTION_ACTIVE': {
      const erase = request.message as Erase;
      const until = await retainedErase(agent, agent.logs.values(), erase, 0);
      // Other coordinators may have known a record that never came here.
      if (until === 0) return new MedsealError('ANSWER_DISPUTED', {});
      return retained(erase.category, until);
    }
    case 'CATEGORY_EXCLUDED': {
      const { category, log } = request.message as Write;
      const { channel } = logOf(agent.network, log);
      return new MedsealError(known, { category, channel: channel.name });
    }
    case 'ROLE_UNFIT': {
      const { category } = request.message as Write;
      const role = agent.index.party(request.party)?.role ?? 'patient';
      return new MedsealError(known, { what: category, role });
    }
    case 'RECORD_ERASED': {
      const { handle: of } = request.message;
      const erased = first === undefined ? (request.message as View) : { handle: of, ...first };
      const written = await versionOf(agent, erased);
      if (written === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
      const { category } = (JSON.parse(written.body) as Body).request.message as Write;
      return new MedsealError(known, { category });
    }
    case 'EPOCH_STALE':
      return new MedsealError(known, { epoch: agent.index.patient(handle)?.epoch ?? 0 });
    case 'READINGS_INVALID':
    case 'READINGS_UNTIMELY':
    case 'REQUEST_MALFORMED':
    case 'NOT_FOUND':
      return new MedsealError(known, { what: 'request' });
    case 'CHART_FROZEN':
    case 'FILE_MISMATCH':
    case 'FILE_TAKEN':
    case 'KEEP_TOO_LONG':
    case 'LINE_OF_ANOTHER':
    case 'PARTY_SUSPENDED':
    case 'REQUEST_ALTERED':
    case 'RIGHT_ENDED':
    case 'RIGHT_MISSING':
      return new MedsealError(known, {});
  }
}
