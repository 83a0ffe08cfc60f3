import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { exactRow } from '../../database/exactRow.ts';
import type { Base64 } from '../../protocol/evidence/evidence.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { DepositFeed } from './DepositFeed.ts';
import type { Signed } from '../../protocol/struct/requests.ts';

const DEPOSITED_STATE = {
  revision: 'count',
  /** SHA-256 of `sealed`. */
  hash: BYTES32,
  /** Base64. */
  sealed: 'text',
} as const;
/** Knowledge of a patient's devices, sealed to the patient. */
export type DepositedState = Of<typeof DEPOSITED_STATE>;

/** A state with the patient's word for it, which names its revision and its hash. */
export interface SignedState {
  readonly request: Signed<'Keep'>;
  readonly sealed: Base64;
}

/** A state as its row holds it, with the name of the source that brought it. */
export const STATE_ROW = { ...DEPOSITED_STATE, 'source?': BYTES32 } as const;
export type StateRow = Of<typeof STATE_ROW>;

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
  const state = exactRow(row);
  if (!isOfShape(STATE_ROW, state)) return undefined;
  return bytesToHex(primitives.sha256(utf8ToBytes(state.sealed))) === state.hash
    ? state
    : undefined;
}

/**
 * Tells whether a stored state is what the deposit that brought it says; so is one that an older version stored without a
 * source.
 *
 * @param feed - Finds the deposit.
 * @param row - The state.
 */
export async function isAsDeposited(
  feed: Pick<DepositFeed, 'source'>,
  { revision, hash, source }: StateRow,
): Promise<boolean> {
  if (source === undefined) return true;
  const { copy } = (await feed.source(source)) ?? {};
  if (copy === undefined || !('patient' in copy)) return false;
  const { message } = copy.patient.request;
  return message.revision === revision && message.state === hash;
}
