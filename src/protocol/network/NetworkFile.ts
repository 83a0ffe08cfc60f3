import type { Address, Bytes32, Hex, LogName, Organisation } from '../ids.ts';
import type { BlockFacts } from './BlockFacts.ts';
import type { ChannelNumbers } from './channelNumbers.ts';
import type { EngineUpgrade } from './engineUpgrade.ts';
import type { Category } from '../vocabulary.ts';

/**
 * `network.json`: the root of all trust. It is obtained outside the network and pinned; everything else is checked
 * against it.
 */
export interface NetworkFile {
  readonly format: 'medseal-network/1';
  /** 32 bytes that no other network has, a hash of its founding; the salt of the EIP-712 domain. */
  readonly networkId: Bytes32;
  /** True if the network's keys are for demonstration: random, unencrypted, and refused elsewhere. */
  readonly demo: boolean;
  readonly ledger: {
    /** EIP-155 chain id. */
    readonly chainId: number;
    /**
     * Hash of block 0: of the chain id, the time and the founders' accounts. If the founders' validators hold the
     * ledger, SHA-256 of `chain`.
     */
    readonly genesis: Bytes32;
    /** Time of block 0, Unix seconds; absent in older files. */
    readonly timestamp?: number;
    /**
     * Name of the chain that the founders' validators hold, which binds its first state; absent if the ledger is at one
     * organisation.
     */
    readonly chain?: string;
    /**
     * Age of the newest block, seconds, beyond which nobody reads by a right that the ledger gives, as `maxLedgerAgeOf` says.
     * Only beside `chain`; 180 if it is absent there.
     */
    readonly maxAge?: number;
    /** The network with which the ledger began, if this is a further channel on its ledger. */
    readonly of?: LedgerHost;
  };
  /**
   * The organisations that founded the network. The first one's account created the contracts, and its node keeps the
   * ledger, unless all have validators. Absent in older files.
   */
  readonly founders?: readonly Founder[];
  /**
   * The newest upgrade of the validators' engine that a successor named; absent if none did. The ledger decides at its block if it takes
   * effect.
   */
  readonly engine?: EngineUpgrade;
  /** Addresses of the contracts. */
  readonly contracts: {
    readonly registry: Address;
    readonly consent: Address;
    readonly evidence: Address;
    /** Gives out the stake of a consortium's validators; absent if the ledger is one node. */
    readonly validators?: Address;
    /** Counts what is dispensed of each prescription; absent if the network was founded before there was one. */
    readonly prescriptions?: Address;
    /** Has births, deaths and wills; absent if the network was founded before there was one. */
    readonly vitalRecords?: Address;
    /** Holds the units that claims are paid in; absent if the network was founded before there were any. */
    readonly settlement?: Address;
    /** Holds the claims; absent if the network was founded before there were any. */
    readonly claims?: Address;
    /** Lets further keys act for patients; absent if the network was founded before there was one, and then for good. */
    readonly mandates?: Address;
  };
  /** Members who enrol parties, and the quorum of different organisations. */
  readonly authority: {
    readonly threshold: number;
    readonly members: readonly Member[];
  };
  /** Limits on rights; the `Consent` contract was created with the same. */
  readonly rights?: {
    /** Longest time that a right may hold, seconds; ten years if `rights` is absent. */
    readonly longest: number;
  };
  /** Terms of changes; the `Registry` was created with the same. */
  readonly changes?: {
    /** Seconds that a change of an office or a stake, or a recovery takes at the least; three days if `changes` is absent. */
    readonly delay: number;
  };
  /** Terms of claims; their contracts were created with the same. Thirty days if it is absent. */
  readonly claims?: ClaimTerms;
  /** One: a further channel is a network file of its own on the same ledger, so that its file tells outsiders nothing. */
  readonly channels: readonly Channel[];
  /**
   * The node of each organisation, in a successor of a file with founders: what `founders` said, as it is now. The
   * founders stay as they were, for the ledger began with them.
   */
  readonly nodes?: readonly Founder[];
  /** The network files before this one, oldest first; absent in the first one. */
  readonly before?: readonly EarlierFile[];
}

/** Terms of claims, with which their contract is created. */
export interface ClaimTerms {
  /** Seconds in which a claim is to be decided, answered, disputed or judged, and for which a payment is held. */
  readonly term: number;
}

/** The network with which a ledger began, as the network file of a further channel names it. */
export interface LedgerHost {
  /** SHA-256 of the canonical JSON of its first network file. */
  readonly network: Bytes32;
  /** Its Registry, which says whose transactions the ledger takes. */
  readonly registry: Address;
  /** The validators that the ledger began with: whoever reads it verifies from these on. Absent if none hold it. */
  readonly validators?: readonly Pick<FoundingValidator, 'key' | 'stake'>[];
}

/** Part of an earlier network file that evidence of its time is verified against. */
export interface EarlierFile {
  /** SHA-256 of its canonical JSON. */
  readonly fingerprint: Bytes32;
  /** First second at which the next one was in force, Unix seconds. */
  readonly until: number;
  readonly channels: readonly Channel[];
  /** The members who could enrol parties and recover keys then; absent in files of versions that recovered none. */
  readonly authority?: NetworkFile['authority'];
  /** The newest block of the ledger when the next one was drafted, as k coordinators of this one signed it; absent in older ones. */
  readonly block?: BlockFacts;
}

/** An organisation that founded a network with others. */
export interface Founder {
  readonly organisation: Organisation;
  /** The account that its node sends transactions to the ledger from. */
  readonly sender: Address;
  /** The address at which the others reached its node then; absent if all nodes began in one process. */
  readonly url?: string;
  /**
   * Ed25519 public key that its node proves to have when it speaks TLS with other nodes, 32 bytes. Either all founders
   * have one or none has: then proxies in front of the nodes speak TLS for them.
   */
  readonly tls?: Bytes32;
  /** Its part of the ledger, if the founders' validators hold it. */
  readonly validator?: FoundingValidator;
}

/** The validator that an organisation founds a network's ledger with. */
export interface FoundingValidator {
  /** Ed25519 public key that it signs blocks with. */
  readonly key: Bytes32;
  /** Its name among the validators' nodes, 40 hex digits. */
  readonly node: string;
  /** The address at which the other validators reached it then, `host:port`. */
  readonly address: string;
  /** Share of power, at least 1. */
  readonly stake: number;
}

/** An organisation's key in an office that several share. */
export interface Member {
  readonly organisation: Organisation;
  readonly address: Address;
}

/** A named set of organisations with logs and coordinators of its own. */
export interface Channel extends ChannelNumbers {
  readonly name: string;
  /** Number of organisations whose coordinators may be faulty (f) without harm to the channel's guarantees. */
  readonly faulty: number;
  readonly thresholds: Thresholds;
  /** Categories that may be written in it; all if absent. Earlier records stay. */
  readonly categories?: readonly Category[];
  /**
   * Codes of medicines whose prescription a second doctor signs, each a system, `|` and a code or, with `*`, its
   * beginning. If it is absent, the prescriber alone says which ones.
   */
  readonly controlled?: readonly string[];
  /**
   * Number of organisations that keep each sealed file, at least the quorum for writes; all if absent. `holdersOf` says
   * which ones.
   */
  readonly copies?: number;
  /**
   * Threshold key that guards its records: opening one takes shares that coordinators release for a logged view. If it is
   * absent, the keys of a right open alone.
   */
  readonly release?: ReleaseKey;
  /** Release keys of before, newest first: records sealed under them open as ever, and none is sealed under them any more. */
  readonly formerReleases?: readonly ReleaseKey[];
  readonly coordinators: readonly Member[];
  /** One of each organisation that has coordinators, and those of organisations that left: a log is never taken out. */
  readonly logs: readonly LogIdentity[];
}

/** A channel's release key. Nobody holds its secret: shares of enough organisations make up for it. */
export interface ReleaseKey {
  /** Number of organisations whose shares open: the quorum for views when the shares were dealt. */
  readonly threshold: number;
  /** A compressed point of secp256k1, 33 bytes. */
  readonly publicKey: Hex;
  /** The share of each organisation that has one; an index is never given again. */
  readonly shares: readonly ReleaseMember[];
}

/** Public part of an organisation's share of a release key. */
export interface ReleaseMember {
  readonly organisation: Organisation;
  /** From 1. */
  readonly index: number;
  /** A compressed point of secp256k1, 33 bytes. */
  readonly key: Hex;
}

/**
 * Quorums of organisations: for each k, 2k > n + f, so that any two sets of k share an organisation that is not faulty.
 */
export interface Thresholds {
  /** Quorum for writes, checkpoints, epochs, facts and tallies. The Registry has this one too. */
  readonly writes: number;
  /** Quorum for views. */
  readonly views: number;
}

/** Kind of entry that a coordinator judges, each with its own threshold. A summary counts as a write. */
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
