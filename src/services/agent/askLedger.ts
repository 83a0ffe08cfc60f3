import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { requireLedgerRead } from '../../protocol/requireLedgerRead.ts';

/** Most characters of an answer's JSON. */
const LARGEST = 4 * 2 ** 20;

/**
 * Passes calls that only read on to the organisation's ledger.
 *
 * @param ledger - The organisation's way to the ledger; with validators, what it answers was verified.
 * @returns The agent's method. It throws MedsealError `REQUEST_MALFORMED` and `REQUEST_TOO_LARGE` as `requireLedgerRead`;
 * `REQUEST_TOO_LARGE` if the answer is over 4 MiB; of the ledger.
 */
export function askLedger(ledger: LedgerProvider): AgentPort['ledger'] {
  return async ({ id, method, params }) => {
    requireLedgerRead({ method, params });
    const result = (await ledger.request({ method, params })) ?? null;
    if (JSON.stringify(result).length > LARGEST) {
      throw new MedsealError('REQUEST_TOO_LARGE', { what: 'answer', limit: LARGEST });
    }
    return { jsonrpc: '2.0', id, result };
  };
}
