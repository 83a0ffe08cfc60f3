import type { PayloadCipher } from './PayloadCipher.ts';
import type { PayloadOptions } from './PayloadStream.ts';

/** Options of `seal` and `open`; `reuse` is for a consumer that keeps no piece, such as `Files.write`. */
export interface SealingOptions extends PayloadOptions {
  /** The cipher; `portableCipher` if absent. */
  readonly cipher?: PayloadCipher;
}
