import { PLATFORM } from '../../protocol/network/engineUpgrade.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';

/** Shapes of what the verbs about the engine print with `--json`. */

/** `engine add` */
export const ENGINE_ADDED = { sha256: BYTES32, platform: PLATFORM } as const;
