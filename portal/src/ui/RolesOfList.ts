import { createContext } from 'react';

/** Takes what keeps the roles of a list from being confirmed. */
interface RolesListed {
  /** Counts up whenever all are asked for again. */
  readonly round: number;
  readonly report: (error: unknown) => void;
}

/** The list that a role stands in, which says once for all what failed; undefined for a role that stands alone. */
export const RolesOfList = createContext<RolesListed | undefined>(undefined);
