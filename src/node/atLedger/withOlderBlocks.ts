import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { quantityIn } from '../../bindings/quantityIn.ts';
import { quantityOf } from '../../bindings/quantityOf.ts';
import { requestAll } from '../../bindings/requestAll.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { requireNarrow } from '../../ledger/proven/requireNarrow.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { REACHABLE_LATER } from '../remoteOrganisations.ts';

/** Codes of organisations that may have the blocks, and do not prove it now. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'LEDGER_STALE',
  'LEDGER_TRUST_OLD',
  'NOT_YET',
  'VERDICTS_MISSING',
]);

/** One call of a ledger. */
type Call = Parameters<LedgerProvider['request']>[0];

/**
 * Returns a ledger whose older blocks are read at other organisations, if the organisation's own validator does not have
 * them: it removed them, or it began with a snapshot. Answers of others are verified; one that lies or lacks them is passed over.
 *
 * @param own - The organisation's validator.
 * @param others - The other organisations' ledgers, each verified.
 * @param onOthers - Called when blocks are first read at the others, and with why one of them is passed over.
 * @returns It throws MedsealError `LEDGER_PRUNED` if nobody has the blocks, and that of an organisation which may have them if
 * that one cannot be asked now.
 */
export function withOlderBlocks(
  own: LedgerProvider,
  others: () => readonly LedgerProvider[],
  onOthers: (error?: unknown) => void = () => undefined,
): LedgerProvider {
  let isTold = false;
  /** The organisation that answered last: one that is slow, or lies, costs its time once. */
  let proven: LedgerProvider | undefined;
  return {
    request,
    async requestAll(calls) {
      const answers = await requestAll(own, calls).catch((error: unknown) => {
        if (isMedsealError(error, 'LEDGER_PRUNED')) return undefined;
        throw error;
      });
      return await Promise.all(
        calls.map(async (call, place) => {
          if (answers === undefined) return await request(call);
          return await orOlder(call, answers[place]);
        }),
      );
    },
  };

  async function request(call: Call): Promise<unknown> {
    // Its words of itself are for those who ask it.
    if (call.method === 'medseal_consensus') return await own.request(call);
    try {
      return await orOlder(call, await own.request(call));
    } catch (error) {
      if (!isMedsealError(error, 'LEDGER_PRUNED')) throw error;
      if (call.method === 'eth_getLogs') return await logs(call, error.values.lowest);
      return await elsewhere(call, error, heightIn(call));
    }
  }

  /**
   * A validator shows no block that it removed, and no transaction of one, as if they were yet to come. A transaction names no block: one that lacks
   * the first may have removed that of the transaction.
   */
  async function orOlder(call: Call, answer: unknown): Promise<unknown> {
    const height = call.method === 'eth_getTransactionByHash' ? 1 : heightIn(call);
    if (answer !== null || height === undefined) return answer;
    const asked = { method: 'medseal_consensus', params: ['commit', { height: String(height) }] };
    const pruned = await own.request(asked).then(
      () => undefined,
      (error: unknown) => (isMedsealError(error, 'LEDGER_PRUNED') ? error : undefined),
    );
    return pruned === undefined ? null : await elsewhere(call, pruned, height);
  }

  /** The logs of a range whose beginning the validator lacks. */
  async function logs(call: Call, lowest: number): Promise<unknown> {
    const [filter] = call.params as [{ readonly fromBlock: unknown; readonly toBlock: unknown }];
    const first = Math.max(1, quantityIn(filter.fromBlock, 'block number'));
    const last = quantityIn(filter.toBlock, 'block number');
    const until = Math.min(last, lowest - 1);
    if (first > until) throw new MedsealError('LEDGER_PRUNED', { lowest });
    // Each of the others would refuse it, and count as one that lacks the blocks.
    requireNarrow(first, until);
    const wanted = { ...filter, fromBlock: quantityOf(first), toBlock: quantityOf(until) };
    const pruned = new MedsealError('LEDGER_PRUNED', { lowest });
    const older = await elsewhere({ ...call, params: [wanted] }, pruned, until);
    if (until === last) return older;
    const rest = { ...filter, fromBlock: quantityOf(until + 1), toBlock: quantityOf(last) };
    const newer = await request({ ...call, params: [rest] });
    if (Array.isArray(older) && Array.isArray(newer)) {
      return [older, newer].flat() as readonly unknown[];
    }
    throw new MedsealError('PEER_MALFORMED', { what: 'ledger answer' });
  }

  /** The answer of another organisation; `last` is the newest block that the call is about, if it names one. */
  async function elsewhere(
    call: Call,
    pruned: MedsealError<'LEDGER_PRUNED'>,
    last?: number,
  ): Promise<unknown> {
    if (!isTold) onOthers();
    isTold = true;
    let later: MedsealError | undefined;
    let isAbsent = false;
    for (const other of others().toSorted((one, two) => +(two === proven) - +(one === proven))) {
      try {
        if (last !== undefined) await requireReached(other, last);
        const answer = (await other.request(call)) ?? null;
        // It does not prove that there is nothing: the next one may show it.
        isAbsent ||= answer === null;
        if (answer === null) continue;
        proven = other;
        return answer;
      } catch (error) {
        later ??= laterThan(error);
        if (!isMedsealError(error, 'LEDGER_PRUNED')) onOthers(error);
      }
    }
    if (isAbsent && later === undefined) return null;
    throw later ?? pruned;
  }
}

/** The block that a call asks for by its number; undefined for other calls. */
function heightIn({ method, params: [number] = [] }: Call): number | undefined {
  const isNumbered = typeof number === 'string' && /^0x[1-9a-f][0-9a-f]*$/.test(number);
  const isOfBlock = method === 'eth_getBlockByNumber' && isNumbered;
  return isOfBlock ? quantityIn(number, 'block number') : undefined;
}

/**
 * Requires that an organisation proves blocks as far as the last one that is asked for: it gives the logs of a range as far as
 * its newest block, and one that hides its newest blocks would leave out what happened in them.
 */
async function requireReached(other: LedgerProvider, last: number): Promise<void> {
  const newest = quantityIn(await other.request({ method: 'eth_blockNumber' }), 'block number');
  if (newest < last) throw new MedsealError('NOT_YET', { what: `block ${last} of the ledger` });
}

/** The error that has the read done again later; undefined if it is of no use to ask this organisation again. */
function laterThan(error: unknown): MedsealError | undefined {
  const reason = toMedsealError(error);
  // A read that is too slow is narrowed.
  if (REACHABLE_LATER.has(reason.code) || reason.code === 'LEDGER_SLOW') return reason;
  if (!PASSING.has(reason.code)) return undefined;
  return new MedsealError('LEDGER_UNREACHABLE', {}, { cause: error });
}
