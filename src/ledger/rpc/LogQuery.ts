import type { Hex } from '../../protocol/ids.ts';

/** The logs to find: of these addresses, with one of these topics at each position; empty for any. */
export interface LogQuery {
  /** By position: 0 the address, 1 to 4 the topics. */
  readonly terms: readonly (readonly Hex[])[];
  readonly from: number;
  /** Undefined for without end. */
  readonly to: number | undefined;
}
