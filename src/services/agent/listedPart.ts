import type { ListedPart, ChartPartAsked } from '../../protocol/evidence/chartPart.ts';
import { reachesInto, timesOfBatch, writesOfPart } from '../../protocol/evidence/chartPart.ts';
import type { Acknowledgement, Body, Release } from '../../protocol/evidence/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Coverage } from '../../protocol/rights/judgeRight.ts';
import { chartPlaces, type PlaceOfBatch, type ChartLog } from '../entries/ChartPlaces.ts';
import { besideBatches, coveredPart, listedAt } from '../entries/coveredPart.ts';
import type { AgentContext } from './AgentContext.ts';

/** Most batches beside those of a part: a device that numbers them all alike does not bring the whole chart back. */
const MOST_BESIDE = 256;

/**
 * Lists a part of what a right covers of a chart, from all logs of the channel.
 *
 * @param agent - The agent's context.
 * @param handle - The chart.
 * @param coverage - Coverage of the right.
 * @param asked - The part.
 */
export async function listedPart(
  agent: Pick<AgentContext, 'logs' | 'erasures'>,
  handle: Handle,
  coverage: Coverage,
  asked: ChartPartAsked | undefined,
): Promise<Pick<Release, 'records' | 'beside' | 'apart'>> {
  const logs = [...agent.logs.values()];
  const list = async (part: ListedPart | undefined): Promise<readonly Acknowledgement[]> => {
    const lists = logs.map(async (log) => await coveredPart(log, handle, coverage, { part }));
    return (await Promise.all(lists)).flat();
  };
  if (asked === undefined || asked === 'kinds') return { records: await list(asked) };
  if (coverage.record !== undefined) return { records: within(await list(undefined), asked) };
  const batches = await batchesOf(logs, handle, coverage);
  if (asked === 'records') {
    const left = await notErased(agent, handle, batches);
    const apart = Map.groupBy(left, ({ batch }) => batch.category);
    const counts = [...apart].map(([category, { length }]) => ({ category, count: length }));
    return { records: await list(asked), ...(counts.length > 0 && { apart: counts }) };
  }
  const part =
    'from' in asked
      ? asked
      : lastOf(
          asked.last,
          batches.map(({ batch }) => batch),
        );
  const records = await list(part);
  const shown = batches.filter(({ batch }) => reachesInto(part, batch));
  const beside = await besideOf(handle, coverage, batches, shown);
  return { records, ...(beside.length > 0 && { beside }) };
}

interface BatchIn {
  readonly log: ChartLog;
  readonly batch: PlaceOfBatch;
}

/** Batches that a right covers. Erased ones are among them, as coordinators count them: the newest may be one. */
async function batchesOf(
  logs: readonly ChartLog[],
  handle: Handle,
  { categories }: Coverage,
): Promise<readonly BatchIn[]> {
  const found = await Promise.all(logs.map(async (log) => await chartPlaces(log, handle)));
  return found.flatMap(({ batches }, nth) => {
    const log = logs[nth];
    if (log === undefined) return [];
    return batches
      .filter(({ category }) => categories === undefined || categories.includes(category))
      .map((batch) => ({ log, batch }));
  });
}

/** Those that nobody erased. */
async function notErased(
  { erasures }: Pick<AgentContext, 'erasures'>,
  handle: Handle,
  batches: readonly BatchIn[],
): Promise<readonly BatchIn[]> {
  if (!erasures.has(handle)) return batches;
  const erased = await erasures.of(handle);
  return batches.filter(({ batch }) => batch.epoch > (erased.get(batch.category) ?? 0));
}

async function besideOf(
  handle: Handle,
  coverage: Coverage,
  batches: readonly BatchIn[],
  shown: readonly BatchIn[],
): Promise<readonly Acknowledgement[]> {
  const others = shown.map(({ batch }) => batch);
  const known = new Set(others);
  const near = [...Map.groupBy(batches, ({ log }) => log)].map(async ([log, here]) => {
    const places = besideBatches(
      here.map(({ batch }) => batch),
      others,
    )
      .filter((batch) => !known.has(batch))
      .slice(-MOST_BESIDE)
      .map(({ index }) => index);
    return await listedAt(log, handle, coverage, places);
  });
  return (await Promise.all(near)).flat();
}

/** The span that ends with the newest batch. */
function lastOf(
  last: number,
  ends: readonly { readonly end: number }[],
): { readonly from: number } {
  const newest = ends.reduce((latest, { end }) => Math.max(latest, end), 0);
  return { from: Math.max(0, newest - last) };
}

/** A part of a list that was read whole. */
function within(
  records: readonly Acknowledgement[],
  asked: ChartPartAsked,
): readonly Acknowledgement[] {
  if (typeof asked === 'string' || 'from' in asked) return writesOfPart(asked, records);
  const times = records.flatMap(({ body }) => {
    const { readings, at } = JSON.parse(body) as Body;
    return readings === undefined ? [] : [timesOfBatch(readings.header, at)];
  });
  return writesOfPart(lastOf(asked.last, times), records);
}
