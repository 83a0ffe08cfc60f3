import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { LedgerCall } from '../../protocol/network/LedgerCall.ts';

/**
 * Makes a ledger of an agent that lets it be read: only methods that read are answered (`LEDGER_READS`). It says what the
 * organisation says; to have it verified, connect to a ledger that you trust.
 *
 * @param agent - The agent.
 * @throws MedsealError from its method `REQUEST_MALFORMED` for other methods; `NOT_FOUND` if the organisation does not let
 * the ledger be read; `LEDGER_REJECTED` if too much is asked for; of the agent and the ledger.
 * @example
 * ```ts
 * const ledger = agentLedger(httpAgent('http://127.0.0.1:8480/hospital'));
 * console.log(await ledger.request({ method: 'eth_blockNumber' }));
 * ```
 */
export function agentLedger(agent: Pick<AgentPort, 'ledger'>): LedgerProvider {
  let last = 0;
  return {
    async request({ method, params = [] }) {
      last += 1;
      const call = { jsonrpc: '2.0', id: last, method, params } as LedgerCall;
      try {
        return (await agent.ledger(call)).result;
      } catch (error) {
        if (!isMedsealError(error, 'REQUEST_TOO_LARGE')) throw error;
        // Those who read in ranges ask for fewer blocks then.
        const values = { code: -32005, reason: 'it asks for too much' };
        throw new MedsealError('LEDGER_REJECTED', values, { cause: error });
      }
    },
  };
}
