import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readBlockTime } from '../../bindings/readBlockTime.ts';
import { readChartEvents } from '../../bindings/readChartEvents.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { ProvenRelease, ProvenReleases } from '../../protocol/release/verifyReleaseProof.ts';

/** Seconds after which every node that can reach the ledger knows that a right has ended. */
const KNOWN_AFTER = 60;

/**
 * Holds releases against the ledger: a coordinator that released a minute or more after it had ended the right, or later, is
 * convicted by its own time.
 *
 * @param ledger - A ledger that the verifier trusts.
 * @param network - The pinned network file.
 * @param proven - The view and its releases.
 * @returns The releases, each with that fault if it had no other.
 * @throws MedsealError of the ledger.
 */
export async function heldAgainst(
  ledger: LedgerProvider,
  network: NetworkFile,
  { body, releases }: ProvenReleases,
): Promise<readonly ProvenRelease[]> {
  const { handle, grant } = body.request.message;
  if (grant === ZERO32) return releases;
  const events = await readChartEvents(ledger, network.contracts, handle);
  const end = events.find((event) => event.kind === 'Revoked' && event.grant === grant);
  if (end === undefined) return releases;
  const ended = await readBlockTime(ledger, end.block);
  return releases.map((each) =>
    each.fault === undefined && each.at > ended + KNOWN_AFTER ? { ...each, fault: 'ended' } : each,
  );
}
