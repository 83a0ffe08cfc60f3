import {
  confirmListed,
  isMedsealError,
  readChart,
  willFor,
  type Chart,
  type ChartWanted,
  type ListCount,
} from '../../../src/client/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import { atSessionEnd } from './atSessionEnd.ts';
import type { Session } from './Session.ts';

/** Charts that were released in this session, so that going from screen to screen is not another view. */
const charts = new WeakMap<Session['party'], Map<string, Promise<Chart>>>();

/** The part of a chart that is listed unless another one is wanted. */
const PART = 'records';

/** When each of them was released, Unix seconds. */
const released = new WeakMap<Chart, number>();

/** Returns the moment at which a chart was released in this session. */
export function releasedAt(chart: Chart): number | undefined {
  return released.get(chart);
}

/** Drops the charts that a party opened. */
export function forgetCharts(party: Session['party']): void {
  charts.delete(party);
}

/**
 * Returns a chart that was released in this session, or asks for it: that view becomes evidence. Batches of devices' readings are
 * not on its list (`apart` counts them), unless another part is wanted: `ReadingsReader` lists those that are shown.
 *
 * @param session - The reader.
 * @param wanted - The chart, the right to rely on, and the purpose.
 * @param fresh - True to ask again.
 * @throws MedsealError what `readChart` throws.
 */
export async function chartIn(
  { party }: Session,
  wanted: ChartWanted,
  fresh = false,
): Promise<Chart> {
  const known = charts.get(party) ?? new Map<string, Promise<Chart>>();
  charts.set(party, known);
  atSessionEnd(party, forgetCharts);
  const name = nameOf(wanted);
  const former = known.get(name);
  if (former !== undefined && !fresh) return await former;
  const asked = readByWill(party, { part: PART, ...wanted });
  known.set(name, asked);
  asked.then(
    (chart) => released.set(chart, seconds(party.clock)),
    (error: unknown) => {
      const isOwn = wanted.grant === undefined && isMedsealError(error, 'PEER_UNREACHABLE');
      // A patient without a connection keeps what was released; of the chart of others nothing is shown as if it were new.
      if (isOwn && former !== undefined) known.set(name, former);
      else known.delete(name);
    },
  );
  if (fresh) void asked.then(told, () => undefined);
  return await asked;
}

function nameOf({ handle, grant, purpose, part = PART }: ChartWanted): string {
  return JSON.stringify([handle, grant?.terms.salt, purpose, part]);
}

let round = 0;
const followers = new Set<() => void>();

function told(): void {
  round += 1;
  for (const follower of followers) follower();
}

/**
 * Calls back whenever a chart was asked for again, so that what else shows it does not stay behind.
 *
 * @param follower - Called without arguments.
 * @returns Ends it.
 */
export function followCharts(follower: () => void): () => void {
  followers.add(follower);
  return () => followers.delete(follower);
}

/** Returns how often a chart was asked for again. */
export function chartsRound(): number {
  return round;
}

/**
 * Reads a chart; one of the dead with the will that was handed over.
 *
 * @param party - The reader.
 * @param wanted - The chart, the right to rely on, and the purpose.
 * @throws MedsealError what `readChart` throws.
 */
export async function readByWill(party: Session['party'], wanted: ChartWanted): Promise<Chart> {
  const will = wanted.grant && (await willFor(party, wanted.handle));
  return await readChart(party, { ...wanted, ...(will && { will }) });
}

const counts = new WeakMap<Chart, Promise<ListCount>>();

/**
 * Confirms the list of a chart with the coordinators, once for each chart.
 *
 * @param party - The reader.
 * @param chart - A chart that was just released.
 */
export async function countIn(party: Session['party'], chart: Chart): Promise<ListCount> {
  const known = counts.get(chart);
  if (known !== undefined) return await known;
  const asked = confirmListed(party, chart);
  counts.set(chart, asked);
  return await asked;
}

/**
 * Returns a patient's own chart.
 *
 * @param session - The patient.
 * @param fresh - True to ask again, after something was added.
 * @throws MedsealError what `readChart` throws.
 */
export async function ownChart(session: Session, fresh = false): Promise<Chart> {
  return await chartIn(session, ownWanted(session), fresh);
}

/**
 * Returns a patient's own chart if it was released in this session, and asks nobody for it.
 *
 * @param session - The patient.
 */
export async function releasedOwnChart(session: Session): Promise<Chart | undefined> {
  return await charts.get(session.party)?.get(nameOf(ownWanted(session)));
}

/** The patient's own chart. */
export function ownWanted({ handle = '0x' }: Session): ChartWanted {
  return { handle, purpose: 'PATRQT' };
}
