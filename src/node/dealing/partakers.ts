import type { Organisation } from '../../protocol/ids.ts';
import type { DealingPlan } from '../../protocol/dealing/planDealing.ts';
import type { DealGiver } from '../../protocol/dealing/giveDeal.ts';
import type { OrganisationHome } from '../NodeFolder.ts';

/** An organisation of a folder, with the keys that take part in deals. */
export type DealingHome = Pick<OrganisationHome, 'organisation' | 'keys' | 'later' | 'shares'>;

/** An organisation of a folder that has a part in a change that deals shares. */
export interface Partaker extends DealGiver {
  readonly home: DealingHome;
  /** True if it gets a share. */
  readonly isMember: boolean;
}

/**
 * Returns the organisations of a folder that have a part in a change that deals shares, each with the coordinator's key by which
 * the others know it.
 *
 * @param plan - Plan of the deals.
 * @param homes - The folder's organisations.
 */
export function partakers(plan: DealingPlan, homes: readonly DealingHome[]): readonly Partaker[] {
  return homes.flatMap((home) => {
    const { organisation, keys, later } = home;
    const address = plan.signerOf(organisation);
    const all = [keys.coordinator, ...later.node.seats];
    const key = all.find((each) => each.address === address);
    if (key === undefined || !hasPart(plan, organisation)) return [];
    const isMember = plan.members.some((each) => each.organisation === organisation);
    const known = plan.formerOf(organisation);
    const former = known === undefined ? undefined : all.find((each) => each.address === known);
    return [{ organisation, key, former, home, isMember }];
  });
}

function hasPart({ members, keys }: DealingPlan, name: Organisation): boolean {
  return (
    members.some(({ organisation }) => organisation === name) ||
    keys.some(({ dealers }) => dealers.has(name))
  );
}
