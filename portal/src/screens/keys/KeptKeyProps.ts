import type { KeptKey } from '../../vault/keptKeys.ts';
import type { ScreenProps } from '../ScreenProps.ts';

/** Properties of a part of the key's screen. */
export interface KeptKeyProps extends ScreenProps {
  /** The key as this browser keeps it. */
  readonly kept: KeptKey;
  /** Reads again what this browser keeps. */
  readonly onKept: () => void;
}
