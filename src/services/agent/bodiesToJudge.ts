import { bytesToHex } from '../../crypto/bytes.ts';
import { pooledUtf8 } from '../../crypto/pooledBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { kindOf } from '../../protocol/struct/kindOf.ts';
import { readPlaces } from '../entries/readPlaces.ts';
import { versionPlaces } from '../entries/versionPlaces.ts';
import type { AgentContext } from './AgentContext.ts';
import { LEFT_OUT } from './answerOf.ts';
import type { BodyToJudge, PairsDisputed } from './collectVerdicts.ts';
import { leaving, type Candidate } from './judgeRequests.ts';

/**
 * Makes the bodies of entries for judged requests, with what coordinators judge them by.
 *
 * @param agent - The agent's context.
 * @param candidates - The requests; a refused one becomes the body of a refusal.
 * @param at - Their moment, Unix seconds.
 * @returns In their order.
 */
export async function bodiesToJudge(
  agent: AgentContext,
  candidates: readonly Candidate[],
  at: number,
): Promise<readonly BodyToJudge[]> {
  const fresh = await freshPlaces(agent, candidates);
  return candidates.map((candidate) => bodyOf(agent, candidate, at, fresh));
}

/**
 * Returns a set of views as coordinators are asked again: once with the entries of what somebody disputed, who may not have them yet, and then
 * without what as many of them as must do not accept; refused if nothing is left.
 *
 * @param agent - The agent's context.
 * @param candidate - The set, as it was asked before.
 * @param disputed - Places that they judge differently.
 * @returns Nothing if they do not say the same, or would accept what the agent does not: another try may go otherwise.
 */
export async function askedAgain(
  agent: AgentContext,
  candidate: Candidate,
  { alike, all }: PairsDisputed,
): Promise<Candidate | undefined> {
  const { judged = [], pairs = [], shown, narrowed } = candidate;
  if (narrowed === true) return undefined;
  if (shown === undefined) {
    const { handle } = candidate.request.message;
    const wanted = pairs.filter((_, place) => all.has(place)).map((pair) => ({ handle, ...pair }));
    const places = await versionPlaces(agent.logs.values(), wanted);
    const entries = await readPlaces(places);
    return { ...candidate, shown: entries.filter((entry) => entry !== undefined) };
  }
  const isKnown = [...(alike ?? [])].every((place) => !(judged[place] instanceof MedsealError));
  if (alike === undefined || !isKnown) return undefined;
  const without = judged.map((each, place) => (alike.has(place) ? LEFT_OUT : each));
  return leaving({ ...candidate, narrowed: true }, without);
}

/** The first place of each log that other organisations may not have copied yet. */
async function freshPlaces(
  agent: AgentContext,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<EvidenceLog, number>> {
  if (!candidates.some(({ judged }) => judged !== undefined)) return new Map();
  const looking = [...agent.logs.values()].map(async (log) => {
    return [log, (await log.latestCheckpoint())?.checkpoint.size ?? 0] as const;
  });
  return new Map(await Promise.all(looking));
}

function bodyOf(
  agent: AgentContext,
  candidate: Candidate,
  at: number,
  fresh: ReadonlyMap<EvidenceLog, number>,
): BodyToJudge {
  const {
    request,
    refused,
    opening,
    record,
    will,
    readings,
    pairs,
    judged = [],
    shown = [],
  } = candidate;
  const left = [...judged.entries()].flatMap(([place, each]) =>
    each instanceof MedsealError ? [place] : [],
  );
  const recent = judged.flatMap((each) => {
    if (each instanceof MedsealError || each.place === undefined) return [];
    return each.place.index >= (fresh.get(each.place.log) ?? 0) ? [each.entry] : [];
  });
  const records = [...new Map([...recent, ...shown].map((each) => [each.entry, each])).values()];
  const body: Body = {
    format: 'medseal-body/1',
    flag: refused === undefined ? 'A' : 'R',
    ...(refused && { code: refused.code }),
    log: agent.log.identity.name,
    at,
    block: agent.index.block,
    request,
    ...(readings && { readings }),
    ...(refused === undefined && left.length > 0 && { left }),
    salt: bytesToHex(agent.random(16)),
  };
  const text = canonicalJson(body);
  return {
    kind: kindOf(body),
    body: text,
    entry: agent.primitives.sha256(pooledUtf8(text)),
    ...(opening && { opening }),
    ...(record && { record }),
    ...(will && { will }),
    ...(pairs && { pairs }),
    ...(records.length > 0 && { records }),
  };
}
