import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { rightFor, type KnownRight, type RightWanted } from '../../client/party/knownRights.ts';
import { newestOfEach } from '../../client/records/newestOfEach.ts';
import { readChart, type Chart } from '../../client/records/readChart.ts';
import type { ChartRecord, ChartWanted } from '../../client/records/viewChart.ts';
import { willFor } from '../../client/care/vital/keptWills.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Purpose } from '../../protocol/vocabulary.ts';
import type { PatientContact } from '../contact/findContact.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { readNamedId, withBeginning } from '../program/withBeginning.ts';
import { recallAcknowledged } from '../../client/state/acknowledgedHere.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import { newestPlaces } from '../../protocol/evidence/newestPlaces.ts';
import type { LogPlace } from '../../protocol/AgentPort.ts';

/** Basis of a visitor's request: nothing on their own chart, a right on another's. */
export interface Reliance {
  readonly right?: KnownRight;
  readonly purpose: Purpose;
}

/**
 * Finds the right that a visitor relies on to do something with a chart. If the device knows no right that covers it,
 * the node is asked all the same: it judges, and the patient's audit tells that somebody tried.
 *
 * @param visitor - The visitor that asks.
 * @param patient - The patient of the chart.
 * @param wanted - The action, and its purpose if one was given.
 */
export async function relianceFor(
  { party }: Visitor,
  { handle, own }: PatientContact,
  wanted: Omit<RightWanted, 'handle'>,
): Promise<Reliance> {
  if (own) return { purpose: wanted.purpose ?? 'PATRQT' };
  let right = await rightFor(party, { handle, ...wanted });
  if (right?.covers !== true) {
    // A letter may have brought it meanwhile; if it cannot be asked, the node says why not.
    await checkInbox(party).catch(() => undefined);
    right = await rightFor(party, { handle, ...wanted });
  }
  const purpose = wanted.purpose ?? right?.grant.terms.purpose ?? 'TREAT';
  return { purpose, ...(right && { right }) };
}

/**
 * Asks for a chart, made after what the device was acknowledged.
 *
 * @param visitor - The visitor that asks.
 * @param patient - The patient of the chart.
 * @param options - The purpose, and the record if only one is wanted.
 * @param waits - True if the node holds it back until its copies have that.
 */
export async function openChart(
  visitor: Visitor,
  patient: PatientContact,
  options: Pick<RightWanted, 'purpose' | 'record'>,
  waits = true,
): Promise<Chart> {
  return await readChart(visitor.party, await chartWanted(visitor, patient, options, waits));
}

/**
 * Returns how a visitor asks for a chart: by which right, for what purpose, and after which entries.
 *
 * @param visitor - The visitor that asks.
 * @param patient - The patient of the chart.
 * @param options - The purpose, and the record if only one is wanted.
 * @param waits - True if the node holds it back until its copies have what the device was acknowledged.
 */
export async function chartWanted(
  visitor: Visitor,
  patient: PatientContact,
  options: Pick<RightWanted, 'purpose' | 'record'>,
  waits = true,
): Promise<ChartWanted> {
  const { right, purpose } = await relianceFor(visitor, patient, { action: 'read', ...options });
  const { handle } = patient;
  const after = waits ? await acknowledgedByKeys(visitor) : [];
  const will = right && (await willFor(visitor.party, handle));
  return { handle, purpose, after, ...(right && { grant: right.grant }), ...(will && { will }) };
}

/**
 * Finds a record on a chart by the beginning of its id.
 *
 * @param chart - The chart.
 * @param id - Four digits or more, with or without `0x`.
 * @param version - Its number; the newest if absent.
 * @throws MedsealError `ARGUMENT_INVALID` if it is not an id, or several records begin so; `NOT_FOUND`, or `NOT_YET` if the
 * chart was made before entries that the device was acknowledged.
 */
export function findRecord(
  { records, behind }: Pick<Chart, 'records' | 'behind'>,
  id: string,
  version?: number,
): ChartRecord {
  const found = withBeginning(readNamedId(id, 'record'), records, ({ record }) => record);
  const wanted =
    version === undefined ? newestOfEach(found)[0] : found.find((each) => each.version === version);
  if (wanted === undefined) {
    const what = found.length === 0 ? 'record on the chart' : 'version of the record';
    throw new MedsealError(behind.length > 0 ? 'NOT_YET' : 'NOT_FOUND', { what });
  }
  return wanted;
}

/**
 * The newest entry of each log that any key of a device was acknowledged lately: who adds with one key may read with
 * another one, at another organisation.
 *
 * @param visitor - The device, and its keys.
 */
async function acknowledgedByKeys({
  home,
  keys,
  party,
}: Pick<Visitor, 'home' | 'keys' | 'party'>): Promise<readonly LogPlace[]> {
  const places: LogPlace[] = [];
  for (const { name } of keys) {
    const device = await openDeviceFolder(`${home.keystore}/${name}`);
    places.push(...(await recallAcknowledged({ ...party, device })));
  }
  return newestPlaces(places);
}
