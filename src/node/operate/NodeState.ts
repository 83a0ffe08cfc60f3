import type { ErrorCode } from '../../errors/catalogue.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import type { NodeReason } from '../../protocol/operator/nodeReasons.ts';
import type { ContradictedSuccessor } from '../../services/succession/findContradicted.ts';
import type { VaultUsage } from '../../vault/Vault.ts';
import type { Presence } from '../validator/Presence.ts';
import type { LackingProgram } from '../validator/EnginePrograms.ts';
import type { EngineProgram } from '../validator/ProgramsTold.ts';
import type { ValidatorKeyPlace } from '../../protocol/operator/ValidatorKeyPlace.ts';
import type { OperatorIndex, OperatorUpgrade } from '../../protocol/operator/OperatorPort.ts';

/** State of a node, for health and metrics. */
export interface NodeState {
  /** True if it takes all requests: the ledger is followed and lives, the stores are open, the accounts are enrolled. */
  readonly ready: boolean;
  /** Reasons that it is not ready. */
  readonly waitingFor: readonly NodeReason[];
  /** Duties that it does not do yet, though it takes requests. */
  readonly notYet: readonly NodeReason[];
  readonly ledger: {
    readonly followed: boolean;
    readonly block: number;
    /** Seconds by which the newest block is ahead of this machine's clock. */
    readonly ahead: number;
    /** Seconds since the newest block's time; of a ledger at one organisation it says when it last had something to do. */
    readonly age: number;
    /** Age beyond which nobody reads by a right, seconds; absent if the network has no bound. */
    readonly maxAge?: number;
  };
  /** Its index of the ledger, as compared with those of other organisations. */
  readonly index: OperatorIndex;
  /** True if the nodes of other organisations answered when they were last asked. */
  readonly peers: Readonly<Record<Organisation, boolean>>;
  /** The network file that it runs by, and those to come. */
  readonly succession: SuccessionState;
  /** Bytes that are free on the folder's disk. */
  readonly diskFree?: number;
  readonly organisations: readonly OrganisationState[];
  /** The organisation's validator, if this node runs it. */
  readonly validator?: ValidatorState;
}

/** State of a validator that the node runs; what it told of itself is absent until it told something. */
export interface ValidatorState extends Partial<Presence> {
  readonly running: boolean;
  /** The place of the key that it signs blocks with. */
  readonly blockKey: ValidatorKeyPlace;
  /** The programs of the validators that it is connected with, and its own, as each says it. */
  readonly programs?: Readonly<Record<Organisation, EngineProgram>>;
  /** The program that its engine lacks, for which it stands still. */
  readonly lacking?: LackingProgram;
  /** The newest upgrade of the engine that a signed network file names. */
  readonly upgrade?: OperatorUpgrade;
}

/** State of an organisation of the node. */
export interface OrganisationState {
  readonly organisation: Organisation;
  readonly logs: readonly LogState[];
  /** Entries of its own log that no checkpoint on the ledger covers. */
  readonly checkpointLag: number;
  /** Seconds for which entries of its own log have waited for a checkpoint, as far as the process knows. */
  readonly checkpointWait: number;
  readonly vault?: VaultUsage;
  /** Rows of the ledger's rules that it holds in memory. */
  readonly ruleRows: number;
}

/** State of a log: its own, or a replica. */
export interface LogState {
  readonly log: LogName;
  readonly entries: number;
  /** Of a replica: entries that are checkpointed on the ledger and not here yet. */
  readonly replicaLag?: number;
}

/** State of the succession of a node's network file. */
export interface SuccessionState {
  /** Number of the file that it runs by; 0 for the network's first one. */
  readonly number: number;
  /** The newest one that it knows, if it is to come. */
  readonly next?: { readonly number: number; readonly from: number };
  /** Number of the successor that there are two of, both signed: the node takes no newer file. */
  readonly fork?: number;
  /** Number of signed successors that its operator decided against; absent before the first. */
  readonly dropped?: number;
  /** The newest of its successors that the ledger contradicts, if there is one. */
  readonly contradicted?: ContradictedSuccessor;
  /** Codes of what other nodes last sent as successors and this one refused. */
  readonly refused: Readonly<Record<Organisation, ErrorCode>>;
}
