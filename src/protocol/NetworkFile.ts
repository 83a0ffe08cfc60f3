import type { Address, Bytes32, LogName, Organisation } from './ids.ts';

/**
 * `network.json`: all that trust starts from. It is obtained out of band and pinned; everything else is checked
 * against it.
 */
export interface NetworkFile {
  readonly format: 'medseal-network/1';
  /** 32 bytes that no other network has, a hash of its founding; the salt of the EIP-712 domain. */
  readonly networkId: Bytes32;
  /** True if the network's keys are for show: random, unencrypted, and refused outside a demonstration. */
  readonly demo: boolean;
  readonly ledger: {
    /** EIP-155 chain id. */
    readonly chainId: number;
    /** Hash of block 0: of the chain id, the time and the founders' accounts. */
    readonly genesis: Bytes32;
    /** Time of block 0, Unix seconds; absent in older files. */
    readonly timestamp?: number;
  };
  /**
   * The organisations that founded the network. The first one's account created the contracts, and its node keeps the
   * ledger. Absent in older files.
   */
  readonly founders?: readonly Founder[];
  /** Addresses of the contracts. */
  readonly contracts: {
    readonly registry: Address;
    readonly consent: Address;
    readonly evidence: Address;
  };
  /** Who enrols, and how many of different organisations must agree. */
  readonly authority: {
    readonly threshold: number;
    readonly members: readonly Member[];
  };
  /** Limits on rights; the `Consent` contract was created with the same. */
  readonly rights?: {
    /** How long a right may hold at most, seconds; ten years where `rights` is absent. */
    readonly longest: number;
  };
  readonly channels: readonly Channel[];
}

/** An organisation as it founded a network with others. */
export interface Founder {
  readonly organisation: Organisation;
  /** The account that its node sends transactions to the ledger from. */
  readonly sender: Address;
  /** The address at which the others reached its node then; absent if all nodes began in one process. */
  readonly url?: string;
}

/** An organisation's key in an office that several share. */
export interface Member {
  readonly organisation: Organisation;
  readonly address: Address;
}

/** A named set of organisations with logs and coordinators of its own. */
export interface Channel {
  readonly name: string;
  /** How many organisations' coordinators may be faulty (f), and all that the channel promises still holds. */
  readonly faulty: number;
  readonly thresholds: Thresholds;
  readonly coordinators: readonly Member[];
  readonly logs: readonly LogIdentity[];
}

/**
 * Of how many organisations coordinators must agree: each k so many that 2k > n + f, so that any two sets of k have one
 * in common that is not faulty.
 */
export interface Thresholds {
  /** On a write, and on all else that stays: checkpoints, epochs, facts, tallies. The Registry has this one too. */
  readonly writes: number;
  /** On a view. */
  readonly views: number;
}

/** What a coordinator judges, each with a threshold of its own. A summary counts as a write. */
export type EntryKind = keyof Thresholds;

/** A log as the network file names it. */
export interface LogIdentity {
  readonly name: LogName;
  readonly organisation: Organisation;
  /** First line of its checkpoints (C2SP tlog-checkpoint). */
  readonly origin: string;
  /** SHA-256 of the origin: the log on the ledger. */
  readonly id: Bytes32;
  /** C2SP signed-note verifier key (Ed25519). */
  readonly key: string;
}
