import { ADDRESS } from '../../protocol/wire/findShapeError.ts';

/** Shapes of what the verbs about gateways print with `--json`. */

/** `gateway sensors`, when it stops. */
export const GATEWAY_RUN = {
  /** Batches that it put on the log. */
  entered: 'count',
  /** Batches that were refused for good. */
  refused: 'count',
  /** Batches that wait in the spool for the next start. */
  waiting: 'count',
  /** Devices that announced themselves and that nobody bound, the latest at the end. */
  unbound: [{ device: ADDRESS, shortCode: 'text', model: 'text', serial: 'text' }],
} as const;
