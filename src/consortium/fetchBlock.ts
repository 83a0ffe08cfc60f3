import type { ConsensusSource } from './connectConsensus.ts';
import type { LightBlock } from './LightBlock.ts';
import { MOST_VALIDATORS, parseLightBlock } from './parseLightBlock.ts';

/**
 * Asks an endpoint for a block with its votes and validators. Nothing of it is verified.
 *
 * @param source - The endpoint.
 * @param height - The block's number; the newest if absent.
 * @throws MedsealError `PEER_MALFORMED`; of the endpoint.
 */
export async function fetchBlock(source: ConsensusSource, height?: number): Promise<LightBlock> {
  const asked = height === undefined ? {} : { height: String(height) };
  const commit = await source.request('commit', asked);
  const { header } = parseLightBlock(commit, { validators: [] });
  const validators = await source.request('validators', {
    height: String(header.height),
    page: '1',
    per_page: String(MOST_VALIDATORS),
  });
  return parseLightBlock(commit, validators);
}
