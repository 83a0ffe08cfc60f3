import { parseJsonBytes } from '../../../src/crypto/parseJsonBytes.ts';
import {
  domainOf,
  importChart,
  parseNetworkFile,
  type ChartImported,
  type ImportOffered,
  type ImportOptions,
  type NetworkFile,
} from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { fileArchive } from './blobArchive.ts';
import { forgetCharts } from './charts.ts';
import type { Session } from './Session.ts';

/** Limits of a network file: some kilobytes for each organisation, and its former offices. */
const NETWORK = { bytes: 2 ** 24, values: 1_000_000, names: 512 } as const;

/** An archive from elsewhere, and the network that it comes from. */
export interface ArchiveGiven {
  readonly archive: Blob;
  readonly network: NetworkFile;
  /** True if the patient insists although it is about another person. */
  readonly anotherPatient?: boolean;
}

/**
 * Reads the network file that a person chose.
 *
 * @param file - The file.
 * @throws MedsealError `NETWORK_FILE_INVALID`.
 */
export async function networkIn(file: Blob): Promise<NetworkFile> {
  if (file.size > NETWORK.bytes) throw unreadable();
  const bytes = new Uint8Array(await file.arrayBuffer());
  return parseNetworkFile(jsonOf(bytes));
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return parseJsonBytes(bytes, NETWORK);
  } catch {
    throw unreadable();
  }
}

function unreadable(): MedsealError {
  return new MedsealError('NETWORK_FILE_INVALID', { reason: 'it cannot be read as JSON' });
}

/**
 * Looks into an archive: what it would add, and whom it is about. Nothing is signed.
 *
 * @param session - The patient.
 * @param given - The archive.
 * @param onVerified - Called before each record version of it.
 * @returns Undefined if all of it is on the chart.
 * @throws MedsealError what `importChart` throws.
 */
export async function lookInto(
  { party }: Session,
  { archive, network, ...insists }: ArchiveGiven,
  onVerified: NonNullable<ImportOptions['onVerified']>,
): Promise<ImportOffered | undefined> {
  let offered: ImportOffered | undefined;
  const first = { network, domain: domainOf(network) };
  try {
    await importChart(party, fileArchive(archive), first, {
      ...insists,
      onVerified,
      onOffered(what) {
        offered = what;
        throw new Looked();
      },
    });
  } catch (error) {
    if (!(error instanceof Looked)) throw error;
  }
  return offered;
}

/** Ends an import before anything is signed. */
class Looked extends Error {}

/**
 * Adds the records of an archive to the patient's chart.
 *
 * @param session - The patient.
 * @param given - The archive.
 * @param onRecord - Called with the number of records that are on the chart.
 * @throws MedsealError what `importChart` throws.
 */
export async function bringAlong(
  { party }: Session,
  { archive, network, ...insists }: ArchiveGiven,
  onRecord: NonNullable<ImportOptions['onRecord']>,
): Promise<ChartImported> {
  const first = { network, domain: domainOf(network) };
  try {
    return await importChart(party, fileArchive(archive), first, { ...insists, onRecord });
  } finally {
    // The chart that was opened lacks them.
    forgetCharts(party);
  }
}
