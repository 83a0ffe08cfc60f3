import type { Category, Role } from '../vocabulary.ts';

/** The six types of records that Amanat et al. (2022) name. */
export const RECORD_TYPES = ['medication', 'report', 'bill', 'policy', 'birth', 'death'] as const;
/** A type of records. */
export type RecordType = (typeof RECORD_TYPES)[number];

/** The rules of a type of records. */
export interface RecordTypeRules {
  /** The category that it is sealed under. */
  readonly category: Category;
  /** Roles that may write it on another's chart. Patients may put a copy of anything on their own. */
  readonly authors: readonly Role[];
}

/** The rules of each type; its FHIR profile is in `src/fhir/profileTable.ts`. */
export const RECORD_TYPE_RULES: Readonly<Record<RecordType, RecordTypeRules>> = {
  medication: { category: 'medications', authors: ['doctor', 'nurse', 'pharmacist'] },
  report: { category: 'reports', authors: ['doctor', 'nurse', 'lab'] },
  bill: { category: 'billing', authors: ['doctor', 'pharmacist', 'lab', 'insurer'] },
  policy: { category: 'coverage', authors: ['insurer'] },
  birth: { category: 'vital-records', authors: ['doctor', 'nurse', 'registrar'] },
  death: { category: 'vital-records', authors: ['doctor', 'registrar'] },
};
