import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { KeptView, View } from '../../protocol/requests.ts';
import { digestOf } from '../../protocol/signing.ts';
import { isSealedByDevice } from '../../protocol/sensors/isSealedByDevice.ts';
import type { Party } from '../party/Party.ts';
import { hearEnd } from '../kept/hearEnd.ts';
import { submitAllEvidence } from '../agent/submit.ts';
import { newReader, type ShareWanted, type SharesReleased } from './releasedShares.ts';
import type { ChartRecord, ChartWanted } from './viewChart.ts';

/** A record version whose file was released. */
export interface VersionViewed {
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
  /** Fetches the sealed file within five minutes. */
  readonly ticket: string;
}

/** Record versions whose files were released. */
export interface VersionsViewed {
  /** Release of each, or the error. */
  readonly views: readonly (VersionViewed | MedsealError)[];
  /**
   * Collects the shares that coordinators release for them; absent if they open without.
   * @param wanted - By place the seal of the file, and its release key; undefined for a file that opens without.
   */
  readonly collect?: (
    wanted: readonly (ShareWanted | undefined)[],
  ) => Promise<readonly (SharesReleased | undefined)[]>;
}

/**
 * Asks for the sealed files of record versions, at once; each view becomes evidence before its file is released.
 *
 * @param party - The reader.
 * @param chart - Chart, and right to rely on.
 * @param wanted - Record versions of the chart, at most 1,024.
 * @param keep - Until when the device may open them again without another view, Unix seconds; it may not if absent.
 * @throws MedsealError if nobody answers.
 */
export async function viewVersions(
  party: Party,
  { handle, grant, purpose, will }: ChartWanted,
  wanted: readonly Pick<ChartRecord, 'record' | 'version' | 'file' | 'readings'>[],
  keep?: number,
): Promise<VersionsViewed> {
  const relied = grant === undefined ? ZERO32 : digestOf(party, 'Grant', grant);
  const isGuarded = wanted.some(({ readings }) => !readings || !isSealedByDevice(readings.header));
  const reader = grant === undefined || !isGuarded ? undefined : await newReader(party);
  const asked = wanted.map(({ record, version }, place): View => {
    return {
      log: party.log,
      what: 'record',
      handle,
      record,
      version,
      grant: relied,
      purpose,
      deadline: seconds(party.clock) + 300,
      salt: reader?.saltOf(place) ?? bytesToHex(party.random(16)),
    };
  });
  const along = { ...(grant && { opening: grant }), ...(will && { will }) };
  const answers =
    keep === undefined
      ? await submitAllEvidence(party, 'View', asked, along)
      : await submitAllEvidence(
          party,
          'KeptView',
          asked.map((view): KeptView => ({ ...view, what: 'record', keep })),
          along,
        );
  for (const [place, answer] of answers.entries()) {
    await hearEnd(party, { grant: relied, ...wanted[place] }, answer);
  }
  const views = answers.map((answer) => {
    if (answer instanceof MedsealError) return answer;
    const { acknowledgement, release } = answer;
    return { acknowledgement, ticket: release?.ticket ?? '' };
  });
  if (reader === undefined) return { views };
  return { views, collect: async (seals) => await reader.collect(seals, along) };
}
