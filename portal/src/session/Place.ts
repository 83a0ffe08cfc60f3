import type { AgentPort } from '../../../src/protocol/AgentPort.ts';
import type { LogName, Organisation } from '../../../src/protocol/ids.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import type { Shelf } from '../vault/openShelf.ts';

/** An organisation's agent that serves this page, and the network that this browser pinned. */
export interface Place {
  readonly agent: AgentPort;
  /** Address of the agent, without a slash at its end. */
  readonly url: string;
  readonly organisation: Organisation;
  readonly network: NetworkFile;
  /** Log of the organisation, such as `care/hospital`. */
  readonly log: LogName;
  /** Values that this browser keeps for this place: the pinned network and sealed keys. */
  readonly shelf: Shelf;
}
