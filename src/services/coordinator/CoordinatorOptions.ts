import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Hex, LogName, Organisation } from '../../protocol/ids.ts';
import type { Contributor } from '../contributor/createContributor.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { CoordinatorPort } from '../ports.ts';
import type { GuardedFiles } from './GuardedFiles.ts';
import type { ServiceDatabase } from '../../database/synced.ts';

/** An organisation's shares of a channel's release keys, by the id of the key: 32 bytes each, a scalar. */
export type OwnShares = ReadonlyMap<Hex, Uint8Array>;

/** Options of `createCoordinator`, beside the context. */
export interface CoordinatorOptions {
  /** Its own store: bodies that it judged, record versions that it knows, checkpoints that it signed. */
  readonly database: ServiceDatabase;
  /** Encrypts the bodies that it keeps. */
  readonly bodies: BodyEncryption;
  /** Its key: the address that the network file names, and 32 bytes. */
  readonly key: SeatKey;
  /** Its organisation's own log and copies of the channel's others, to count in. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  /** Deposits of its organisation: they tell when rights end. */
  readonly deposits: DepositStore;
  /** The other organisations' coordinators. */
  readonly others: ReadonlyMap<
    Organisation,
    Pick<CoordinatorPort, 'awaited' | 'ended' | 'listed' | 'takeConflict'>
  >;
  /** Its own organisation's contributor, to have sealed files held, and to learn which were destroyed. */
  readonly contributor: Pick<Contributor, 'hold' | 'destroyed'>;
  /** Sealed files that open by a release alone; absent if the channel has no release key. */
  readonly guarded?: Pick<GuardedFiles, 'among' | 'require' | 'requireMade'> | undefined;
  /** Its shares of the channel's release keys; absent if it has none that the network file names. */
  readonly shares?: OwnShares | undefined;
  /** Seals the shares that it releases. */
  readonly cipher: PayloadCipher;
  /** Views of one party and log that it releases shares for in a minute. */
  readonly releasesPerMinute: number;
  /** Called if a log asks for a signature over an entry that too few judged: `ENTRY_UNJUDGED`. */
  readonly onFault: (error: MedsealError) => void;
}
