import type { OperatorPort, OperatorState } from '../../../src/protocol/operator/OperatorPort.ts';
import type { StateSamples } from './StateSamples.ts';

/** Properties of the screens of a node's operator. */
export interface OperateProps {
  readonly operator: OperatorPort;
  /** State of the node when the page was opened. */
  readonly first: OperatorState;
  readonly samples: StateSamples;
}
