import { postJsonRpc, type JsonRpcEndpoint } from '../bindings/postJsonRpc.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { visibleText } from '../errors/visibleText.ts';
import { malformedAnswer } from './answerFields.ts';

/** Answers questions about blocks and their proofs: CometBFT's RPC. Nothing that it says is believed. */
export interface ConsensusSource {
  /**
   * Asks one question.
   *
   * @param method - Name of the method, such as `commit`.
   * @param params - Its parameters; CometBFT takes 64-bit numbers as text.
   */
  request(method: string, params: Readonly<Record<string, string | boolean>>): Promise<unknown>;
}

/** The most characters of an error message. */
const LONGEST = 200;

/**
 * Asks the CometBFT RPC of a validator, or of any full node of the ledger.
 *
 * @param endpoint - Its address, not that of the EVM's JSON-RPC.
 */
export function connectConsensus(endpoint: JsonRpcEndpoint): ConsensusSource {
  return {
    async request(method, params) {
      const answer = await postJsonRpc(endpoint, { jsonrpc: '2.0', id: 1, method, params });
      const { result, error } = (answer ?? {}) as { result?: unknown; error?: unknown };
      if (result !== undefined) return result;
      if (typeof error !== 'object' || error === null) {
        throw malformedAnswer();
      }
      const { code, message, data } = error as Readonly<Record<string, unknown>>;
      throw new MedsealError('LEDGER_REJECTED', {
        code: typeof code === 'number' ? code : 0,
        reason: visibleText(`${String(message)}: ${String(data)}`.slice(0, LONGEST)),
      });
    },
  };
}
