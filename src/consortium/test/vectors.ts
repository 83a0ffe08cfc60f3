import { readFileSync } from 'node:fs';
import type { Address } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { ConsensusSource } from '../connectConsensus.ts';
import type { ConsortiumFounding } from '../foundingTrust.ts';

/** Answers of four validators, as `writeVectors.ts` wrote them down. */
export interface Vectors extends ConsortiumFounding {
  /** The newest block of which state and logs can be verified; the one after it is the newest. */
  readonly height: number;
  readonly contract: Address;
  /** The logs as the ledger's own `eth_getLogs` shows them. */
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  /** Answers of CometBFT's RPC by method and parameters. */
  readonly answers: Readonly<Record<string, unknown>>;
}

/** The recorded answers. */
export const vectors = JSON.parse(
  readFileSync(new URL('vectors.json', import.meta.url), 'utf8'),
) as Vectors;

/**
 * Answers as the validators did.
 *
 * @param lie - Changes an answer before it is given; unless given, nothing is changed.
 */
export function recordedSource(
  lie: (answer: string, method: string) => string = (answer) => answer,
): ConsensusSource {
  return {
    async request(method, params) {
      if (method === 'blockchain') return JSON.parse(lie(headers(params), method)) as unknown;
      const newest = { height: String(vectors.height + 1) };
      const asked = method === 'commit' && params['height'] === undefined ? newest : params;
      const answer = vectors.answers[`${method} ${JSON.stringify(asked)}`];
      if (answer === undefined)
        throw new Error(`nothing recorded: ${method} ${JSON.stringify(asked)}`);
      return await Promise.resolve(JSON.parse(lie(JSON.stringify(answer), method)) as unknown);
    },
  };
}

/** A network file's part that the recorded answers fit. */
export const recordedNetwork = {
  ledger: {
    chainId: 4242,
    genesis: `0x${'00'.repeat(32)}`,
    chain: vectors.chain,
    timestamp: vectors.time,
  },
  founders: vectors.validators.map(({ key, power }, place) => ({
    organisation: `organisation-${place}`,
    sender: vectors.contract,
    validator: { key, stake: power, node: 'a5'.repeat(20), address: `127.0.0.1:${place + 1}` },
  })),
} satisfies Pick<NetworkFile, 'ledger' | 'founders'>;

/**
 * Answers over HTTP as a validator's JSON-RPC server did.
 *
 * @param lie - Changes the text of an answer before it is given, by its method and parameters.
 */
export function recordedFetch(
  lie: (answer: string, method: string, params: readonly unknown[]) => string = (answer) => answer,
): typeof globalThis.fetch {
  const source = recordedSource();
  const answerTo = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const [first, second] = params;
    switch (method) {
      case 'medseal_consensus':
        return await source.request(String(first), second as Readonly<Record<string, string>>);
      case 'medseal_chain':
        return vectors.chain;
      case 'eth_chainId':
        return '0x1092';
      case 'eth_getBlockByNumber':
        return { hash: vectors.logs[0]?.['blockHash'], transactions: [...receipts().keys()] };
      case 'eth_getTransactionReceipt':
        return receipts().get(first) ?? null;
      case 'eth_getTransactionByHash':
        return transactions().get(first) ?? null;
      default:
        throw new Error(`nothing recorded: ${method}`);
    }
  };
  return async (_url, options) => {
    const { id, method, params } = JSON.parse(options?.body as string) as {
      readonly id: number;
      readonly method: string;
      readonly params?: readonly unknown[];
    };
    const result = await answerTo(method, params ?? []);
    const text = JSON.stringify({ jsonrpc: '2.0', id, result });
    return new Response(lie(text, method, params ?? []));
  };
}

function receipts(): ReadonlyMap<unknown, unknown> {
  return new Map(
    vectors.logs.map((log) => [
      log['transactionHash'],
      {
        transactionHash: log['transactionHash'],
        blockHash: log['blockHash'],
        blockNumber: log['blockNumber'],
        status: '0x1',
        logs: [log],
      },
    ]),
  );
}

/** Answers of the endpoint, which nobody has to believe but for the number of the block. */
function transactions(): ReadonlyMap<unknown, unknown> {
  return new Map(
    vectors.logs.map(({ transactionHash: hash, blockNumber }) => {
      return [hash, { hash, blockNumber, to: null, input: '0xdead' }];
    }),
  );
}

/** Headers as CometBFT's method `blockchain` gives them; those of the recorded commits. */
function headers({ minHeight, maxHeight }: Readonly<Record<string, unknown>>): string {
  const metas: unknown[] = [];
  for (let height = Number(maxHeight); height >= Number(minHeight); height--) {
    const answer = vectors.answers[`commit {"height":"${height}"}`] as {
      readonly signed_header: { readonly header: unknown };
    };
    metas.push({ header: answer.signed_header.header });
  }
  return JSON.stringify({ block_metas: metas });
}
