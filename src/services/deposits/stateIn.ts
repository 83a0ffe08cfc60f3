import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Base64 } from '../../protocol/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/requests.ts';

/** Knowledge of a patient's devices, sealed to the patient. */
export interface DepositedState {
  readonly revision: number;
  /** SHA-256 of `sealed`. */
  readonly hash: Bytes32;
  readonly sealed: Base64;
}

/** A state with the patient's word for it, which names its revision and its hash. */
export interface SignedState {
  readonly request: Signed<'Keep'>;
  readonly sealed: Base64;
}

/** A state as its row holds it. */
export interface StateRow extends DepositedState {
  /** Name of the source that brought it. */
  readonly source?: Bytes32;
}

/**
 * Returns the state in a row; undefined if the row is absent or damaged.
 *
 * @param primitives - SHA-256.
 * @param row - JSON.
 */
export function stateIn(
  primitives: Pick<Primitives, 'sha256'>,
  row: string | undefined,
): StateRow | undefined {
  if (row === undefined) return undefined;
  try {
    const state = JSON.parse(row) as StateRow;
    const hash = bytesToHex(primitives.sha256(utf8ToBytes(state.sealed)));
    return hash === state.hash && Number.isSafeInteger(state.revision) ? state : undefined;
  } catch {
    return undefined;
  }
}
