import { identitiesOf } from '../../client/party/identitiesOf.ts';
import type { Party } from '../../client/party/Party.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type { Handle } from '../../protocol/ids.ts';

/** Up to how many characters of a title are stored and shown. */
export const LONGEST_TITLE = 80;

/** The most titles that are stored of a chart; the oldest go first. */
const MOST = 2000;

/** A title, and the version of a record that has it. */
export interface Titled extends Pick<ChartRecord, 'record' | 'version'> {
  readonly title: string;
}

/** Titles of the versions of a chart that this device has opened or added. */
export interface KnownTitles {
  /** The title of a version; undefined if the device has not opened it. */
  of(version: Pick<ChartRecord, 'record' | 'version'>): string | undefined;
}

type Stored = Readonly<Record<string, string>>;

/**
 * Reads the titles that the device stores of a chart.
 *
 * @param party - The party at its device; titles are sealed to it.
 * @param handle - The chart.
 */
export async function readTitles(party: Party, handle: Handle): Promise<KnownTitles> {
  const stored = await read(party, handle);
  return { of: (version) => stored[placeOf(version)] };
}

/**
 * Stores titles of versions that were opened or added, sealed to the party: a list of the chart shows them without
 * opening anything.
 *
 * @param party - The party at its device.
 * @param handle - The chart.
 * @param titled - The titles; the record of one that was told in parts keeps the last.
 */
export async function rememberTitles(
  party: Party,
  handle: Handle,
  titled: readonly Titled[],
): Promise<void> {
  const before = await read(party, handle);
  const titles = { ...before };
  for (const each of titled) titles[placeOf(each)] = visibleText(each.title, LONGEST_TITLE);
  const isNew = Object.entries(titles).some(([place, title]) => before[place] !== title);
  if (isNew) await write(party, handle, titles);
}

/**
 * Forgets the titles of a chart: its owner destroys keys, and what they opened shall not be told any more.
 *
 * @param party - The party at its device.
 * @param handle - The chart.
 * @param versions - Versions whose titles go; all if absent.
 */
export async function forgetTitles(
  party: Party,
  handle: Handle,
  versions?: readonly Pick<ChartRecord, 'record' | 'version'>[],
): Promise<void> {
  if (versions === undefined) return await party.device.write(nameOf(handle), null);
  const places = new Set(versions.map(placeOf));
  const titles = Object.entries(await read(party, handle)).filter(([place]) => !places.has(place));
  await write(party, handle, Object.fromEntries(titles));
}

async function read(party: Party, handle: Handle): Promise<Stored> {
  const { device, cipher } = party;
  const sealed = await device.read(nameOf(handle));
  if (typeof sealed !== 'string') return {};
  const options = { ...(cipher && { cipher }) };
  try {
    const opened = await openBytes(identitiesOf(party), Buffer.from(sealed, 'base64'), options);
    const titles: unknown = JSON.parse(bytesToUtf8(opened));
    const told = Object.entries(Object(titles) as object).filter(
      (each): each is [string, string] => typeof each[1] === 'string',
    );
    return Object.fromEntries(told);
  } catch {
    // Titles only save a look: what cannot be read counts as not opened yet.
    return {};
  }
}

async function write(
  { device, recipient, cipher }: Party,
  handle: Handle,
  titles: Stored,
): Promise<void> {
  const newest = Object.fromEntries(Object.entries(titles).slice(-MOST));
  const text = utf8ToBytes(JSON.stringify(newest));
  const sealed = await sealBytes([recipient], text, { ...(cipher && { cipher }) });
  await device.write(nameOf(handle), Buffer.from(sealed).toString('base64'));
}

function nameOf(handle: Handle): string {
  return `titles-${handle.slice(2)}`;
}

function placeOf({ record, version }: Pick<ChartRecord, 'record' | 'version'>): string {
  return `${record}/${version}`;
}
