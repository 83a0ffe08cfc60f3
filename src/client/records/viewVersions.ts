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
import { newReader, type SharesReleased } from './releasedShares.ts';
import type { ChartRecord, ChartWanted } from './viewChart.ts';

/** A record version whose file was released. */
export interface VersionViewed {
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
  /** Fetches the sealed file within five minutes. */
  readonly ticket: string;
  /** Shares that coordinators released for it, under a right in a channel with a release key. */
  readonly evidence?: SharesReleased | undefined;
}

/**
 * Asks for the sealed files of record versions, at once; each view becomes evidence before its file is released.
 *
 * @param party - The reader.
 * @param chart - Chart, and right to rely on.
 * @param wanted - Record versions of the chart, at most 1,024.
 * @param keep - Until when the device may open them again without another view, Unix seconds; it may not if absent.
 * @returns Release of each, or the error.
 * @throws MedsealError if nobody answers.
 */
export async function viewVersions(
  party: Party,
  { handle, grant, purpose, will }: ChartWanted,
  wanted: readonly Pick<ChartRecord, 'record' | 'version' | 'file' | 'readings'>[],
  keep?: number,
): Promise<readonly (VersionViewed | MedsealError)[]> {
  const relied = grant === undefined ? ZERO32 : digestOf(party, 'Grant', grant);
  const isGuarded = wanted.map(({ readings }) => !readings || !isSealedByDevice(readings.header));
  const reader =
    grant === undefined || !isGuarded.includes(true) ? undefined : await newReader(party);
  const views = wanted.map(({ record, version }, place): View => {
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
      ? await submitAllEvidence(party, 'View', views, along)
      : await submitAllEvidence(
          party,
          'KeptView',
          views.map((view): KeptView => ({ ...view, what: 'record', keep })),
          along,
        );
  for (const [place, answer] of answers.entries()) {
    await hearEnd(party, { grant: relied, ...wanted[place] }, answer);
  }
  const evidence = await reader?.collect(
    answers.map((answer, place) => {
      const isWanted = isGuarded[place] === true && !(answer instanceof MedsealError);
      return isWanted ? answer.acknowledgement : undefined;
    }),
    along,
  );
  return answers.map((answer, place) => {
    if (answer instanceof MedsealError) return answer;
    const { acknowledgement, release } = answer;
    return { acknowledgement, ticket: release?.ticket ?? '', evidence: evidence?.[place] };
  });
}
