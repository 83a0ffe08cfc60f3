import { readFileSync } from 'node:fs';
import type { Address } from '../../protocol/ids.ts';
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
      const newest = { height: String(vectors.height + 1) };
      const asked = method === 'commit' && params['height'] === undefined ? newest : params;
      const answer = vectors.answers[`${method} ${JSON.stringify(asked)}`];
      if (answer === undefined)
        throw new Error(`nothing recorded: ${method} ${JSON.stringify(asked)}`);
      return await Promise.resolve(JSON.parse(lie(JSON.stringify(answer), method)) as unknown);
    },
  };
}
