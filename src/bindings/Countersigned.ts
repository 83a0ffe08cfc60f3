import type { Hex } from '../protocol/ids.ts';
import type { Messages } from '../protocol/struct/requests.ts';

/** A message with the signatures of those who hold an office: authority members, or coordinators. */
export interface Countersigned<Type extends keyof Messages> {
  readonly message: Messages[Type];
  /** In ascending order of the signers' addresses, of as many organisations as the office's threshold. */
  readonly signatures: readonly Hex[];
}
