import type { BlockFacts } from './BlockFacts.ts';
import type { Address, Bytes32, Hex } from '../ids.ts';
import type { EngineUpgrade } from './engineUpgrade.ts';
import type { FurtherContract } from './furtherContracts.ts';
import type { Channel, Founder, NetworkFile } from './NetworkFile.ts';
import type { Messages } from '../struct/requests.ts';

/** Largest number of network files that follow a first one. */
export const MAX_SUCCESSORS = 256;
/** Largest number of signatures of one change. */
export const MAX_SUCCESSOR_SIGNATURES = 256;
/** Largest number of organisations in each part of a successor. */
export const MAX_SUCCESSOR_ORGANISATIONS = 256;
/** Largest number of channels in a successor. */
export const MAX_SUCCESSOR_CHANNELS = 16;

/** Largest number of release keys of before in a channel. */
export const MAX_FORMER_RELEASES = 16;

/** A message to a contract, with the signatures of those in office. */
export interface SignedRule<Type extends keyof Messages> {
  readonly message: Messages[Type];
  readonly signatures: readonly Hex[];
}

/** A coordinator's statement of the newest block, as it answers `askFacts` with `newest`. */
export interface BlockStatement {
  readonly coordinator: Address;
  readonly signature: Hex;
  readonly attestation: Messages['Attestation'];
  readonly facts: { readonly asked: { readonly newest: number }; readonly newest: BlockFacts };
}

/**
 * The successor of a network file: the parts that can change, and the signatures of those whom the file before names. The successor itself follows from both, so nothing else can differ from the file before.
 */
export interface Successor {
  readonly format: 'medseal-successor/1';
  /** 1 for the file that follows the first one. */
  readonly number: number;
  /** SHA-256 of the canonical JSON of the file before. */
  readonly predecessor: Bytes32;
  /** First second at which it is in force and the file before no longer is, Unix seconds. */
  readonly from: number;
  readonly authority: NetworkFile['authority'];
  readonly channels: readonly Channel[];
  /** The organisations' nodes; absent if the first file names no founders. */
  readonly nodes?: readonly Founder[];
  /**
   * Addresses of contracts that the file before lacks, created on the ledger already: whoever signs compares their code. Absent if it
   * adds none.
   */
  readonly contracts?: Readonly<Partial<Record<FurtherContract, Address>>>;
  /** Programs with which the validators go on from a block; absent if the engine stays. */
  readonly engine?: EngineUpgrade;
  /**
   * The part of the file before that its successor keeps beside the channels: keys were recovered by that authority. Absent in
   * those that were drafted by a version that recovered none.
   */
  readonly keeps?: 'authority';
  /**
   * Statements of k coordinators of the file before on one block, the newest of the ledger when this was drafted; absent if one
   * node keeps the ledger, and in those that were drafted without.
   */
  readonly newest?: readonly BlockStatement[];
  /** Signatures of the `NetworkChange` that follows from all this. */
  readonly signatures: readonly Hex[];
  /** The changes of the Registry's offices that belong to it. */
  readonly offices: readonly SignedRule<'OfficeChange'>[];
  /** The changes of validators' stake that belong to it. */
  readonly stakes: readonly SignedRule<'StakeChange'>[];
  /**
   * Another key in the place of one validator's, at the ledger at once; then it changes nothing else. Absent in all other successors.
   */
  readonly replacement?: SignedRule<'KeyReplacement'>;
  /** Takes consensus power from one validator's key, at the ledger at once; the network file does not change by it. */
  readonly removal?: SignedRule<'KeyRemoval'>;
}

/** `successors.json`: all successors of a first network file that are known, oldest first. */
export interface SuccessorsFile {
  readonly format: 'medseal-successors/1';
  readonly successors: readonly Successor[];
  /** The oldest network file that a node has, if a node gives the file: to follow from, for a reader that knows a fingerprint alone. */
  readonly first?: NetworkFile;
  /** Proof that the succession forked, if the node that gives the file knows of one. */
  readonly fork?: SuccessorFork;
  /** Numbers of the offices' changes that were begun last at the ledger, if a node gives the file. */
  readonly begun?: { readonly authority: number; readonly coordinators: number };
}

/**
 * Two successors of one network file, each signed by the quorum of those in office: proof that an organisation signed
 * twice, or that keys are in other hands.
 */
export interface SuccessorFork {
  /** The one that was known first, and the other. */
  readonly successors: readonly Successor[];
}

/** A successor that a node keeps. */
export interface PlacedSuccessor {
  readonly number: number;
  /** SHA-256 of the canonical JSON of the file that it makes. */
  readonly fingerprint: Bytes32;
  /** First second at which it is in force, Unix seconds. */
  readonly from: number;
}
