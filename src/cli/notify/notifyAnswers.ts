import { BYTES32 } from '../../protocol/wire/findShapeError.ts';

/** Shapes of what the verbs about browsers that are told of news print with `--json`. */

/** `notify list`, `notify off` */
export const BROWSERS_TOLD = {
  /** False if the organisation tells nobody. */
  offered: 'boolean',
  /** Browsers that are told, each by the SHA-256 of its address at its push service, with that service's host. */
  browsers: [{ endpoint: BYTES32, service: 'text', until: 'count' }],
} as const;
