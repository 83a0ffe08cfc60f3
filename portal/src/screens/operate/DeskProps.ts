import type {
  OperatorPort,
  OperatorState,
} from '../../../../src/protocol/operator/OperatorPort.ts';

/** Properties of the screens of a node's operator. */
export interface DeskProps {
  readonly operator: OperatorPort;
  /** State of the node when the page was opened. */
  readonly first: OperatorState;
}
