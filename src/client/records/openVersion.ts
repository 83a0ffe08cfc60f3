import { open } from '../../crypto/sealing/open.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Party } from '../party/Party.ts';
import type { Spooled } from '../party/Spool.ts';
import type { FileEvidence } from './fetchVersion.ts';
import { openersOf } from './openersOf.ts';
import { othersThanLiars } from './othersThanLiars.ts';
import type { Chart } from './readChart.ts';
import type { ViewReleased } from './releasedShares.ts';
import type { ChartRecord } from './viewChart.ts';

/** A sealed file that is being opened. */
export interface OpenedVersion {
  /** Shares that were released for it, so far; absent if it opens without. */
  readonly released: ViewReleased | undefined;
  /** Key of this one file, once a first piece of the content was read. */
  readonly fileKey: Uint8Array | undefined;
  /** The plaintext, to be read once. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Opens the sealed file of a version that was viewed. If released shares are false and too few of the others are here, it asks
 * for those of organisations that did not lie.
 *
 * @param party - The reader.
 * @param chart - The chart.
 * @param record - The version.
 * @param evidence - Shares that were released for the view.
 * @param sealed - The sealed file; the caller discards it.
 * @throws MedsealError as `openersOf`. From the content: `SEAL_UNREADABLE`; `RELEASE_FALSE` with the proof
 * (`falseReleaseOf`).
 */
export function openVersion(
  party: Party,
  chart: Chart,
  record: ChartRecord,
  evidence: FileEvidence,
  sealed: Spooled,
): OpenedVersion {
  const { cipher } = party;
  const openers = openersOf(party, chart, record, evidence);
  const released =
    evidence instanceof MedsealError || evidence === 'unguarded' ? undefined : evidence;
  let now = released;
  let fileKey: Uint8Array | undefined;
  const options = { ...(cipher && { cipher }), onFileKey: (key: Uint8Array) => (fileKey = key) };
  return {
    get released() {
      return now;
    },
    get fileKey() {
      return fileKey;
    },
    content: opened(),
  };

  async function* opened(): AsyncGenerator<Uint8Array> {
    let [begun, by] = [false, openers];
    for (;;) {
      try {
        for await (const piece of open(by, sealed.read(), options)) {
          begun = true;
          yield piece;
        }
        return;
      } catch (error) {
        if (begun || now === undefined || !isMedsealError(error, 'SEAL_UNREADABLE')) throw error;
        // Each time at least one organisation more is left out.
        now = await othersThanLiars(party, now, error);
        by = openersOf(party, chart, record, now);
      }
    }
  }
}
