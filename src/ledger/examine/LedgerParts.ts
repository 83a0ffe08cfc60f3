import type { Primitives } from '../../crypto/Primitives.ts';
import type { createCommon } from '../chain/createCommon.ts';
import type { LedgerDatabase } from '../store/LedgerDatabase.ts';
import type { LedgerStore } from '../store/LedgerStore.ts';
import type { LedgerFaultKind } from './LedgerFault.ts';

/** The parts that an examination looks at, and the receiver of its findings. */
export interface LedgerParts {
  readonly database: LedgerDatabase;
  readonly store: LedgerStore;
  readonly primitives: Primitives;
  readonly common: ReturnType<typeof createCommon>;
  /** Reports a fault. */
  readonly fault: (kind: LedgerFaultKind, what: string) => void;
}
