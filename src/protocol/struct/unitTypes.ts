/** The structs of settlement units that go to the ledger. */
export const UNIT_TYPES = ['IssueUnits', 'RedeemUnits'] as const;
/** Name of such a struct. */
export type UnitType = (typeof UNIT_TYPES)[number];
