import type { NodePorts } from '../../folder/NodePorts.ts';
import type { Portal } from '../../http/portal/readPortal.ts';
import type { OpenStore } from '../../vault/storeOpener.ts';
import type { Configuration } from '../configuration/Configuration.ts';
import type { HeldStores } from '../databases/HeldStores.ts';
import type { OpenDatabases } from '../databases/OpenDatabases.ts';
import type { Standby } from '../databases/Standby.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import type { FreeSpace } from '../operate/FreeSpace.ts';
import type { Logger } from '../operate/Logger.ts';
import type { WaitingLog } from '../operate/WaitingLog.ts';
import type { KnownNetwork } from './KnownNetwork.ts';
import type { FolderRole } from './readRole.ts';

/** The parts that a process which runs nodes has from its start to its end. */
export interface RunContext {
  readonly folder: NodeFolder;
  readonly configuration: Configuration;
  readonly ports: NodePorts;
  readonly log: Logger;
  readonly role: FolderRole;
  readonly known: KnownNetwork;
  readonly space: FreeSpace;
  /** Measures the free space, and looks at the token if there is one; call it from time to time. */
  readonly look: () => Promise<void>;
  readonly waiting: WaitingLog;
  /** The portal for parties; undefined if they get none. */
  readonly portal: Portal | undefined;
  /** Makes each organisation's store of sealed files. */
  readonly openStore: OpenStore;
  /** Opens the databases of each organisation's stores. */
  readonly openDatabases: OpenDatabases;
  /** Tells whether the process holds the leases of its stores. */
  readonly held: Pick<HeldStores, 'areHeld'>;
  /** Waits for the leases of the stores, if another machine's node may hold them. */
  readonly standby?: Standby;
  /** Aborted once the process ends. */
  readonly ended: AbortSignal;
  /** Called with failures in the background. */
  readonly onFailure: (error: unknown) => void;
}
