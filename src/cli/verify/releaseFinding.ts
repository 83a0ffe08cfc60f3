import type { PairInSet } from '../../protocol/release/releasedView.ts';
import { RELEASE_FAULTS } from '../../protocol/release/releaseFaults.ts';
import type { ProvenRelease } from '../../protocol/release/verifyReleaseProof.ts';
import { describeMoment } from '../describeBody.ts';
import type { Finding } from './Finding.ts';

/**
 * Says in a few words who released the key of a record, and when.
 *
 * @param releases - Releases that were verified.
 */
export function describeReleases(releases: readonly ProvenRelease[]): string {
  const told = releases.map(({ organisation, at }) => `${organisation} at ${describeMoment(at)}`);
  return `its key was released to the recipient that the view names by ${told.join(', ')}`;
}

/**
 * Says which record version of a view of several a release is of.
 *
 * @param pair - The record version; undefined if the view is of one.
 * @returns The end of a sentence about the view; empty for a view of one.
 */
export function describePair(pair: PairInSet | undefined): string {
  return pair === undefined
    ? ''
    : `; of these it is record ${pair.record}, version ${pair.version}`;
}

/**
 * Makes the finding about releases of which some are wrong.
 *
 * @param what - Name of the file.
 * @param releases - Releases that were verified.
 * @param says - Text of the view.
 * @returns Undefined if nothing is wrong.
 */
export function releaseFinding(
  what: string,
  releases: readonly ProvenRelease[],
  says: string,
): Finding | undefined {
  const wrong = releases.filter(({ fault }) => fault !== undefined);
  const [first] = wrong;
  if (first === undefined) return undefined;
  const did = wrong.map(({ organisation, fault, at }) => {
    return `${organisation} ${fault && RELEASE_FAULTS[fault]}, at ${describeMoment(at)}`;
  });
  const signers = wrong.map(({ organisation, coordinator: address }) => ({
    organisation,
    address,
  }));
  const names = signers.map((each) => `${each.organisation} (${each.address})`).join(', ');
  const detail = `${did.join('; ')}. That convicts ${names}. The view: ${says}`;
  return { what, safe: false, detail, convicts: { organisation: first.organisation, signers } };
}
