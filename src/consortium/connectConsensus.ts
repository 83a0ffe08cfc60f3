import { postJsonRpc, type JsonRpcEndpoint } from '../bindings/postJsonRpc.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { MOST_BLOCK_BYTES, MOST_RESULT_BYTES } from '../protocol/network/ledgerBounds.ts';
import { visibleText } from '../errors/visibleText.ts';
import { malformedAnswer } from './answerFields.ts';
import { prunedError } from './prunedError.ts';

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

/** The two servers of a node that answer: the EVM's JSON-RPC, and CometBFT's own RPC. */
export type ConsensusServer = 'ethereum' | 'cometbft';

/** The most characters of an error message. */
const LONGEST = 200;
/** The most questions at once: a validator refuses what waits in large numbers. */
const AT_ONCE = 8;
/** The most bytes of an answer about a block. */
const MOST: ReadonlyMap<string, number> = new Map([
  ['block', MOST_BLOCK_BYTES],
  ['block_results', MOST_RESULT_BYTES],
]);
/** The same of all other methods: a page of headers or validators, a commit, a proof with a contract's code. */
const MOST_ELSE = 2 ** 20;

/**
 * Asks a validator, or any full node of the ledger.
 *
 * @param endpoint - Its address.
 * @param server - Whose address it is; that of the EVM's JSON-RPC unless given.
 */
export function connectConsensus(
  endpoint: JsonRpcEndpoint,
  server: ConsensusServer = 'ethereum',
): ConsensusSource {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async request(asked, given) {
      if (running < AT_ONCE) running += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await ask(asked, given);
      } finally {
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };

  async function ask(...[asked, given]: Parameters<ConsensusSource['request']>): Promise<unknown> {
    const [method, params] =
      server === 'ethereum' ? ['medseal_consensus', [asked, given]] : [asked, given];
    const call = { jsonrpc: '2.0', id: 1, method, params };
    const most = MOST.get(asked) ?? MOST_ELSE;
    const answer = await postJsonRpc({ ...endpoint, most }, call);
    const { result, error } = (answer ?? {}) as { result?: unknown; error?: unknown };
    if (result !== undefined) return result;
    if (typeof error !== 'object' || error === null) {
      throw malformedAnswer();
    }
    const { code, message, data } = error as Readonly<Record<string, unknown>>;
    const said = [message, data].filter((part) => typeof part === 'string').join(': ');
    const pruned = prunedError(said, data);
    if (pruned !== undefined) throw pruned;
    throw new MedsealError('LEDGER_REJECTED', {
      code: typeof code === 'number' ? code : 0,
      reason: visibleText(said.slice(0, LONGEST)),
    });
  }
}
