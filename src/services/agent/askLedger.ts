import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { MOST_ANSWER_BYTES } from '../../protocol/network/ledgerBounds.ts';
import { requireLedgerRead } from '../../protocol/network/requireLedgerRead.ts';

/** Most characters of an answer's JSON, if less can be asked for: logs of fewer blocks. */
const LARGEST = 4 * 2 ** 20;

/**
 * Passes calls that only read on to the organisation's ledger.
 *
 * @param ledger - The organisation's way to the ledger; with validators, what it answers was verified.
 * @returns The agent's method. It throws MedsealError `REQUEST_MALFORMED` and `REQUEST_TOO_LARGE` as `requireLedgerRead`;
 * `REQUEST_TOO_LARGE` if logs of several blocks are over 4 MiB; of the ledger.
 */
export function askLedger(ledger: LedgerProvider): AgentPort['ledger'] {
  return async ({ id, method, params }) => {
    requireLedgerRead({ method, params });
    const result = (await ledger.request({ method, params })) ?? null;
    const limit = method === 'eth_getLogs' && isRange(params[0]) ? LARGEST : MOST_ANSWER_BYTES;
    if (JSON.stringify(result).length > limit) {
      throw new MedsealError('REQUEST_TOO_LARGE', { what: 'answer', limit });
    }
    return { jsonrpc: '2.0', id, result };
  };
}

function isRange(filter: unknown): boolean {
  const { fromBlock, toBlock } = filter as Readonly<Record<'fromBlock' | 'toBlock', string>>;
  return Number(fromBlock) !== Number(toBlock);
}
