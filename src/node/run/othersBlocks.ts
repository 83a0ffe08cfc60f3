import type { BlocksAsked } from '../../peers/askBlocks.ts';
import { pinnedFetch } from '../../peers/tls/pinnedFetch.ts';
import { othersIn } from './othersIn.ts';
import type { RunContext } from './RunContext.ts';

/**
 * Returns the other organisations' nodes, to be asked about their validators' blocks. Proofs of blocks
 * prove themselves, but that a validator keeps all is an organisation's word: each has to answer with its own key, so that one speaks
 * for no other.
 *
 * @param context - The process.
 */
export function othersBlocks({
  known,
  role,
  ports: { clock },
}: Pick<RunContext, 'known' | 'role' | 'ports'>): readonly BlocksAsked[] {
  const { present, urls } = known;
  if (present === undefined) return [];
  const identity = known.ownIdentity();
  return othersIn(present, role.hosts).flatMap((organisation) => {
    const url = urls.get(organisation);
    if (url === undefined) return [];
    const fetch = identity ? pinnedFetch(identity, organisation) : globalThis.fetch;
    return [{ organisation, url, clock, fetch }];
  });
}
