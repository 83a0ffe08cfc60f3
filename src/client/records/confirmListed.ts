import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { AuditQuery } from '../../protocol/AgentPort.ts';
import { PROMISE_MARGIN } from '../../protocol/evidence/examinePromise.ts';
import { promisedFor } from '../../protocol/evidence/promisedFor.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { relianceOf } from '../party/relianceOf.ts';
import type { Party } from '../party/Party.ts';
import type { AuditOptions } from '../audit/examineListed.ts';
import { confirmCheckpoint } from '../witness/confirmCheckpoint.ts';
import { confirmCount, countedIn } from './confirmCount.ts';
import type { Chart } from './readChart.ts';

/** Findings about the list of a chart as a whole. */
export interface ListCount {
  /** True if k coordinators count in every log exactly what the chart lists. */
  readonly complete: boolean;
  /** Differences from what k coordinators count, a sentence for each, which names the log. */
  readonly faults: readonly string[];
  /** Facts that could not be checked, a sentence for each. */
  readonly unchecked: readonly string[];
}

/** The parts of a chart that its list is compared by. */
export type ListedChart = Pick<
  Chart,
  'handle' | 'grant' | 'will' | 'records' | 'part' | 'acknowledgement' | 'key'
>;

/**
 * Confirms that a chart lists every record version that the reader's right covers, and no other: in each log up to a
 * checkpoint, k coordinators of different organisations must count the same in copies of their own, by the same right. It is
 * asked soon after the chart was viewed. A record that was added in between makes a difference too: `readWholeChart` then
 * reads the chart again.
 *
 * @param party - The reader.
 * @param chart - The chart, as the node gave it.
 * @param options - See `AuditOptions`.
 * @returns Differences and facts that could not be checked; it throws for neither.
 * @throws MedsealError `NOT_FOUND` if the network file does not name the log of the reader's node.
 * @example
 * ```ts
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * const { complete, faults } = await confirmListed(doctor, chart);
 * console.log(complete ? 'The list is complete.' : faults.join('\n'));
 * ```
 */
export async function confirmListed(
  party: Party,
  chart: ListedChart,
  options: AuditOptions = {},
): Promise<ListCount> {
  const { logs } = logOf(party.network, party.log).channel;
  const found = await Promise.all(
    logs.map(async ({ name }) => await confirmIn(party, chart, name, options)),
  );
  return {
    complete: found.every(({ complete }) => complete),
    faults: found.flatMap(({ faults }) => faults),
    unchecked: found.flatMap(({ unchecked }) => unchecked),
  };
}

async function confirmIn(
  party: Party,
  { handle, grant, will, records, part, acknowledgement: view, key }: ListedChart,
  log: LogName,
  { ledger, onWait }: AuditOptions,
): Promise<ListCount> {
  const listed = records
    .map(({ acknowledgement }) => acknowledgement)
    .filter((each) => each.log === log)
    .toSorted((one, other) => one.index - other.index);
  const isOwn = view.log === log;
  // A checkpoint over this view cannot be an old one; the coordinators promised its time.
  const until = isOwn ? promisedFor(view) + PROMISE_MARGIN : 0;
  const least = Math.max(isOwn ? view.index : -1, listed.at(-1)?.index ?? -1) + 1;
  try {
    const checkpoint = confirmCheckpoint(party, log, {
      ...(least > 0 && { awaited: { size: least, until, onWait: () => onWait?.(log, until) } }),
      ...(ledger && { ledger }),
    });
    const { size, root } = await (least === 0 ? checkpoint.catch(emptyLog(party)) : checkpoint);
    if (size < least) return unconfirmed(log, `its checkpoint covers ${size} entries of ${least}`);
    const support = {
      ...relianceOf(party, grant).along,
      ...(will && { will }),
      ...(part && { part }),
    };
    const query: AuditQuery = { ...key, log, size, root, ...support };
    const asked = { ...query, handle };
    const tallies = await confirmCount(party, asked);
    const { agreed, answered, others } = countedIn(party, party.network, asked, tallies);
    if (agreed === undefined) {
      return unconfirmed(log, `${answered} organisations counted alike or at all`);
    }
    const own = listRoot(
      party.primitives,
      listed.map(({ entry }) => entry),
    );
    const fault = differenceOf({ count: listed.length, last: own }, agreed);
    return {
      complete: fault === undefined,
      faults: fault === undefined ? [] : [`${log}: ${fault}`],
      unchecked: others.map((each) => `${log}: why coordinator ${each} counts otherwise`),
    };
  } catch (error) {
    const { code, values, message } = toMedsealError(error);
    if (code !== 'EVIDENCE_INVALID' || !('reason' in values)) return unconfirmed(log, message);
    return { complete: false, faults: [`${log}: ${values.reason}`], unchecked: [] };
  }
}

/** Returns what stands for the checkpoint of a log that has none yet: coordinators count to it if their copies are empty. */
function emptyLog({ primitives }: Party): (error: unknown) => { size: number; root: Bytes32 } {
  return (error) => {
    if (!isMedsealError(error, 'NOT_YET')) throw error;
    return { size: 0, root: bytesToHex(primitives.sha256(new Uint8Array(0))) };
  };
}

type Counted = { readonly count: number; readonly last: string };

/** Returns the difference between a list and what k coordinators counted. */
function differenceOf(listed: Counted, counted: Counted): string | undefined {
  if (listed.count < counted.count) {
    return `${listed.count} record versions are listed of ${counted.count}: some were left out`;
  }
  if (listed.count > counted.count) {
    return `${listed.count} record versions are listed and ${counted.count} counted: some were added`;
  }
  return listed.last === counted.last ? undefined : 'other record versions are listed than counted';
}

function unconfirmed(log: LogName, why: string): ListCount {
  return { complete: false, faults: [], unchecked: [`${log}: whether the list is whole: ${why}`] };
}
