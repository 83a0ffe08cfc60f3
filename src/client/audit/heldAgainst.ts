import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readBlockTime } from '../../bindings/readBlockTime.ts';
import { readChartEvents, type ChartEvent } from '../../bindings/readChartEvents.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { ProvenRelease, ProvenReleases } from '../../protocol/release/verifyReleaseProof.ts';

/** Seconds after which every node that can reach the ledger knows that a right has ended. */
const KNOWN_AFTER = 60;

/**
 * Holds releases against the ledger: a coordinator that released a minute or more after it had ended the right, or the mandate, is
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
  const revoked = events.find((event) => event.kind === 'Revoked' && event.grant === grant);
  const ended = revoked
    ? await readBlockTime(ledger, revoked.block)
    : await endOfMandate(ledger, events, grant);
  return releases.map((each) =>
    each.fault === undefined && each.at > ended + KNOWN_AFTER ? { ...each, fault: 'ended' } : each,
  );
}

/**
 * When the ledger took a mandate for over, Unix seconds: its date, its end, or those of the key that appointed it, whichever came
 * first; Infinity if none did. Its exact date may be earlier, and the ledger hides that.
 */
async function endOfMandate(
  ledger: LedgerProvider,
  events: readonly ChartEvent[],
  digest: Bytes32,
): Promise<number> {
  const appointed = events.filter((event) => event.kind === 'Appointed');
  const mandate = appointed.find((event) => event.mandate === digest);
  const chain = appointed.filter(({ key }) => key === mandate?.key || key === mandate?.appointer);
  let first = Infinity;
  for (const { key, until } of chain) {
    const end = events.find((event) => event.kind === 'MandateEnded' && event.key === key);
    const at = end === undefined ? Infinity : await readBlockTime(ledger, end.block);
    first = Math.min(first, until, at);
  }
  return first;
}
