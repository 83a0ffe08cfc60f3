/** Faults of a release that a coordinator's own signature shows, each in the words that follow its name. */
export const RELEASE_FAULTS = {
  /** It released something that is not its share of what opens the seal. */
  share: 'released a false share',
  /** The seal that it signed was made for another record version than the view names. */
  seal: 'released for a seal of another version than the view names',
  /** The view's salt commits to another recipient. */
  recipient: 'released to another recipient than the view names',
  late: 'released after the deadline of the view',
  /** The entry says that the view was refused. */
  refused: 'released for a view that was refused',
  /** Only a ledger tells. */
  ended: 'released more than a minute after the right had ended',
} as const;

/** Kind of such a fault. */
export type ReleaseFault = keyof typeof RELEASE_FAULTS;
