import type { ServiceDatabase } from '../../database/synced.ts';
import type { OrganisationExamination } from './OrganisationExamination.ts';

/** A store of an organisation: the code that writes its rows examines them too, while no node runs. */
export interface ExaminedStore {
  /** Folder of its database, within the organisation's. */
  readonly part: string;
  /** Examines every row against what binds it, and tells the hearer the faults, and what the store holds. */
  readonly examine: (
    examination: OrganisationExamination,
    database: ServiceDatabase,
  ) => Promise<void>;
}
