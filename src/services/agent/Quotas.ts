/** Limits on what one party can take up of a node. */
export interface Quotas {
  /** Refusals of one party that become entries of their own, in a minute. */
  readonly refusals: number;
  /** Bytes of sealed files of one party that no entry names yet. */
  readonly leasedBytes: number;
  /** Number of such files. */
  readonly leasedFiles: number;
  /** Sealed files that one party sends at once, from however many addresses. */
  readonly arrivingFiles: number;
  /** Births, deaths and wills of one party that cost a transaction, in a minute. */
  readonly vitalRecords: number;
  /** Views for which one party gets shares of a release key, in a minute: at an agent, and again at each coordinator. */
  readonly releases: number;
}

/** Default quotas. */
export const DEFAULT_QUOTAS: Quotas = {
  refusals: 20,
  leasedBytes: 16 * 2 ** 30,
  leasedFiles: 4096,
  arrivingFiles: 8,
  vitalRecords: 60,
  releases: 4096,
};
