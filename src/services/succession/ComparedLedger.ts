import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';
import type { BegunSource } from './begunChange.ts';
import type { Succession } from './Succession.ts';

/** A view of the ledger that the changes of a successor are compared with. */
export interface ComparedLedger extends BegunSource {
  readonly index: Pick<LedgerIndex, 'refresh' | 'moment'>;
  readonly network: Pick<NetworkFile, 'contracts'>;
  /** Those that are known here. */
  readonly succession: Pick<Succession, 'successors'>;
}
