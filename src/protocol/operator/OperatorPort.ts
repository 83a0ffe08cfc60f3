import type { PartyFacts } from '../evidence/facts.ts';
import { ADDRESS, BYTES32, MapOf, OneOf } from '../wire/findShapeError.ts';
import type { SignedSuspension } from '../AgentPort.ts';
import type { Address, Bytes32, LogName, Organisation } from '../ids.ts';
import { PARTY_FACTS } from '../shapes/answerShapes.ts';
import { SIGNED_SUSPENSION } from '../shapes/askedShapes.ts';
import { shapeOfType } from '../shapes/shapeOfType.ts';
import { ENGINE_UPGRADE, PLATFORM, type EngineUpgrade } from '../network/engineUpgrade.ts';
import { FURTHER_CONTRACTS, type FurtherContract } from '../network/furtherContracts.ts';
import type { Successor } from '../network/Successor.ts';
import { DECLINE_REASONS, type DeclineReason } from '../vocabulary.ts';
import { VALIDATOR_KEY_PLACE, type ValidatorKeyPlace } from './ValidatorKeyPlace.ts';
import { NODE_REASON, type NodeReason } from './nodeReasons.ts';
import { PARTY_APPLICATION, type PartyApplication } from './PartyApplication.ts';

const NAME = /^[a-z0-9-]{1,31}$/;
const COUNTS = new MapOf(/^[\w ./-]{1,100}$/, 'count');

/** State of a node, for its operator alone. */
export interface OperatorState {
  readonly version: string;
  /** Unix seconds of the start of the process. */
  readonly since: number;
  /** Organisations whose member of the authority this node holds. */
  readonly organisations: readonly Organisation[];
  /** SHA-256 of the portal's page that it serves, in hexadecimal; absent if it serves none. */
  readonly portal?: string;
  readonly ready: boolean;
  /** Reasons that it takes no requests. */
  readonly waitingFor: readonly NodeReason[];
  /** Duties that it does not do yet, though it takes requests. */
  readonly notYet: readonly NodeReason[];
  /** The authority; absent until the node is open. */
  readonly authority?: { readonly members: readonly Organisation[]; readonly threshold: number };
  /**
   * The newest block that it knows, the seconds by which that is ahead of its clock, or old, and the age beyond which nobody
   * reads by a right, if the network has such a bound; absent until it is open.
   */
  readonly ledger?: {
    readonly followed: boolean;
    readonly block: number;
    readonly ahead: number;
    readonly age: number;
    readonly maxAge?: number;
  };
  /** Its index of the ledger; absent until it is open. */
  readonly index?: OperatorIndex;
  /** Number of the network file in force. */
  readonly network?: number;
  /** The engine's programs that validators run, as each says it; absent if the node runs no validator. */
  readonly engines?: readonly OperatorEngine[];
  /** The newest upgrade of the engine that a signed network file names. */
  readonly upgrade?: OperatorUpgrade;
  /** The place of the key that the validator signs blocks with; absent if the node runs no validator. */
  readonly blockKey?: ValidatorKeyPlace;
  /** True if two successors of the network file are signed, or the ledger contradicts one. */
  readonly disputed: boolean;
  /** Organisations of the network file in force, and those of the next one. */
  readonly members: readonly OperatorMember[];
  /** Successors of the network file in force: signed and known here, or signed by this folder and waiting for others. */
  readonly changes: readonly OperatorChange[];
  /** True for each organisation whose node answered when it was last asked. */
  readonly peers: Readonly<Record<Organisation, boolean>>;
  readonly logs: readonly OperatorLog[];
  /** Bytes that are free on the folder's disk, and those that are kept in reserve. */
  readonly disk: { readonly free?: number; readonly reserve: number };
  /** Sealed files that it stores. */
  readonly vaults: readonly {
    readonly at: Organisation;
    readonly files: number;
    readonly bytes: number;
  }[];
  /** The most that one party may take up, by the names of the settings. */
  readonly quotas: Readonly<Record<string, number>>;
  /** Requests that were refused since the start, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Answers of its servers since the start, by server and status. */
  readonly answered: Readonly<Record<string, number>>;
  /** Failures in the background since the start, by code. */
  readonly failed: Readonly<Record<string, number>>;
  /** Unix seconds of the last backup that was signed since the start. */
  readonly backup?: number;
}

/** Comparison of a node's index of the ledger with that of another organisation, at one block. */
export interface ComparedIndex {
  readonly organisation: Organisation;
  readonly block: number;
  /** True if both have the same rows. */
  readonly same: boolean;
}

/** A node's index of the ledger, in which it looks rights up. */
export interface OperatorIndex {
  /** Digest of its rows at the newest block that has one; absent before the first. */
  readonly newest?: { readonly block: number; readonly digest: Bytes32 };
  /** Its comparison with each other organisation that answered once. */
  readonly compared: readonly ComparedIndex[];
}

/** The engine's program that the validator of an organisation runs. */
export interface OperatorEngine {
  readonly organisation: Organisation;
  readonly version: string;
  readonly platform: string;
  readonly sha256: Bytes32;
}

const UPGRADE_STANDS = ['pending', 'in force', 'lapsed'] as const;

/** An upgrade of the engine, with what the ledger knows of it. */
export interface OperatorUpgrade extends EngineUpgrade {
  readonly stands: (typeof UPGRADE_STANDS)[number];
  /** Organisations that stated that they hold its program; absent of one in force. */
  readonly stated?: readonly Organisation[];
}

/** An organisation of the network. */
export interface OperatorMember {
  readonly organisation: Organisation;
  /** First Unix second of the network file that brought it; absent if an older file does not say it. */
  readonly since?: number;
  /** First Unix second after its membership, if it is to leave. */
  readonly until?: number;
}

const CHANGE_STANDS = ['comes', 'signed'] as const;

/** A successor of the network file in force, as far as this node knows it. */
export interface OperatorChange {
  readonly number: number;
  /** First Unix second at which it is in force, if it gets there. */
  readonly from: number;
  /** All signed it and it comes, or this folder signed it and the node has not heard that the others did. */
  readonly stands: (typeof CHANGE_STANDS)[number];
  /** Contracts that the network gets by it; absent if it gets none, or the node does not have the change. */
  readonly adds?: readonly FurtherContract[];
  /** The upgrade of the engine that it names; absent if it names none, or the node does not have the change. */
  readonly engine?: EngineUpgrade;
}

/** A log at a node. */
export interface OperatorLog {
  readonly at: Organisation;
  readonly log: LogName;
  /** True if it is the organisation's own log, and no copy. */
  readonly own: boolean;
  readonly entries: number;
  /** Of a copy: entries that the ledger covers and that are not here yet. Of its own log: entries that no checkpoint covers. */
  readonly lag: number;
  /** Whole seconds for which entries of an own log have waited for a checkpoint. */
  readonly waited: number;
}

/** Shape of an `OperatorState`. */
export const OPERATOR_STATE = shapeOfType<OperatorState>('OperatorState')({
  version: 'text',
  since: 'count',
  organisations: [NAME],
  'portal?': 'text',
  ready: 'boolean',
  waitingFor: [NODE_REASON],
  notYet: [NODE_REASON],
  'authority?': { members: [NAME], threshold: 'count' },
  'ledger?': {
    followed: 'boolean',
    block: 'count',
    ahead: 'count',
    age: 'count',
    'maxAge?': 'count',
  },
  'index?': {
    'newest?': { block: 'count', digest: BYTES32 },
    compared: [{ organisation: NAME, block: 'count', same: 'boolean' }],
  },
  'network?': 'count',
  'engines?': [{ organisation: NAME, version: 'text', platform: PLATFORM, sha256: BYTES32 }],
  'upgrade?': { ...ENGINE_UPGRADE, stands: new OneOf(...UPGRADE_STANDS), 'stated?': ['text'] },
  'blockKey?': VALIDATOR_KEY_PLACE,
  disputed: 'boolean',
  members: [{ organisation: NAME, 'since?': 'count', 'until?': 'count' }],
  changes: [
    {
      number: 'count',
      from: 'count',
      stands: new OneOf(...CHANGE_STANDS),
      'adds?': [new OneOf(...FURTHER_CONTRACTS)],
      'engine?': ENGINE_UPGRADE,
    },
  ],
  peers: new MapOf(NAME, 'boolean'),
  logs: [
    { at: NAME, log: 'text', own: 'boolean', entries: 'count', lag: 'count', waited: 'count' },
  ],
  disk: { 'free?': 'count', reserve: 'count' },
  vaults: [{ at: NAME, files: 'count', bytes: 'count' }],
  quotas: COUNTS,
  refused: COUNTS,
  answered: COUNTS,
  failed: COUNTS,
  'backup?': 'count',
});

const STANDINGS = ['approved', 'waits', 'declined', 'passed', 'unknown'] as const;

/**
 * Standing of an application with a member of the authority: it approved, waits for its operator, declined, passed the
 * application on to this one, or nothing is known of it here.
 */
export type ApplicationStanding = (typeof STANDINGS)[number];

/** An application that a member of the authority has before it, with what is known of the others. */
export interface ApplicationShown {
  /** Organisation of this node's member that decides. */
  readonly member: Organisation;
  readonly application: PartyApplication;
  readonly members: readonly {
    readonly organisation: Organisation;
    readonly stands: ApplicationStanding;
  }[];
  /** Number of members that must approve. */
  readonly threshold: number;
  /** Why this node's member declined it, if it did. */
  readonly reason?: DeclineReason;
}

/** Shape of an `ApplicationShown`. */
export const APPLICATION_SHOWN = shapeOfType<ApplicationShown>('ApplicationShown')({
  member: NAME,
  application: PARTY_APPLICATION,
  members: [{ organisation: NAME, stands: new OneOf(...STANDINGS) }],
  threshold: 'count',
  'reason?': new OneOf(...DECLINE_REASONS),
});

/** People that the Registry has: the first of those that were asked for, and the number of the others. */
export interface PartiesShown {
  readonly parties: readonly PartyFacts[];
  readonly more: number;
}

/** Shape of `PartiesShown`. */
export const PARTIES_SHOWN = shapeOfType<PartiesShown>('PartiesShown')({
  parties: [PARTY_FACTS],
  more: 'count',
});

/** A suspension, or its lifting, with those who signed it. */
export interface SuspensionShown {
  readonly signed: SignedSuspension;
  /** The party, as the Registry has it. */
  readonly party: PartyFacts;
  readonly signedBy: readonly Organisation[];
  /** Number of members that must still sign. */
  readonly missing: number;
  /** Place of the change on the ledger, once enough signed. */
  readonly placed?: { readonly transaction: Bytes32; readonly block: number };
}

/** Shape of a `SuspensionShown`. */
export const SUSPENSION_SHOWN = shapeOfType<SuspensionShown>('SuspensionShown')({
  signed: SIGNED_SUSPENSION,
  party: PARTY_FACTS,
  signedBy: [NAME],
  missing: 'count',
  'placed?': { transaction: BYTES32, block: 'count' },
});

const OFFICES = ['authority', 'coordinators', 'holders', 'owner', 'others'] as const;

/** The transaction that created a contract on the ledger: its address follows from account and nonce. */
export interface ContractCreated {
  readonly contract: FurtherContract;
  /** The organisation whose account it is. */
  readonly organisation: Organisation;
  /** The account. */
  readonly sender: Address;
  readonly nonce: number;
}

const CONTRACT_CREATED = shapeOfType<ContractCreated>('ContractCreated')({
  contract: new OneOf(...FURTHER_CONTRACTS),
  organisation: NAME,
  sender: ADDRESS,
  nonce: 'count',
});

/** A change of the network on its way between organisations, with those who signed it. */
export interface ChangeShown {
  readonly number: number;
  readonly from: number;
  /** SHA-256 of the network file that it makes. */
  readonly fingerprint: Bytes32;
  readonly joins: readonly Organisation[];
  readonly leaves: readonly Organisation[];
  /** Contracts that the network gets by it. */
  readonly adds: readonly FurtherContract[];
  /** The transactions that created them; absent if it adds none. */
  readonly created?: readonly ContractCreated[];
  /** Upgrade of the validators' engine. */
  readonly engine?: EngineUpgrade;
  /** The contracts that this version creates by the codes which that names, in their order; absent if it names none. */
  readonly admits?: readonly FurtherContract[];
  /** Offices that must sign: so many different organisations of the members. */
  readonly offices: readonly {
    readonly kind: (typeof OFFICES)[number];
    /** Channel of coordinators, and of those who get shares of a release key. */
    readonly channel?: string;
    /** The organisation whose validator gets another key at once: `owner` is it, `others` are the others. */
    readonly of?: Organisation;
    readonly threshold: number;
    readonly members: readonly { readonly organisation: Organisation; readonly signed: boolean }[];
  }[];
  /** True once each office has signed. */
  readonly complete: boolean;
}

/** Shape of a `ChangeShown`. */
export const CHANGE_SHOWN = shapeOfType<ChangeShown>('ChangeShown')({
  number: 'count',
  from: 'count',
  fingerprint: BYTES32,
  joins: [NAME],
  leaves: [NAME],
  adds: [new OneOf(...FURTHER_CONTRACTS)],
  'created?': [CONTRACT_CREATED],
  'engine?': ENGINE_UPGRADE,
  'admits?': [new OneOf(...FURTHER_CONTRACTS)],
  offices: [
    {
      kind: new OneOf(...OFFICES),
      'channel?': 'text',
      'of?': NAME,
      threshold: 'count',
      members: [{ organisation: NAME, signed: 'boolean' }],
    },
  ],
  complete: 'boolean',
});

/** Addresses of contracts that a node created. */
export type ContractsCreated = NonNullable<Successor['contracts']>;

/** Questions and decisions of a node's operator. */
export interface OperatorPort {
  state(): Promise<OperatorState>;
  /** Lists the applications about which this node's members of the authority have not decided, or the others not yet. */
  applications(): Promise<readonly ApplicationShown[]>;
  /**
   * Approves an application that waits or was declined, exactly as it was shown.
   * @throws MedsealError `APPLICATION_OTHER` if it is another one now, or none; `PARTY_SUSPENDED`.
   */
  approve(decided: {
    readonly member: Organisation;
    readonly application: PartyApplication;
  }): Promise<void>;
  /**
   * Declines an application, exactly as it was shown. It gives up its place; the applicant is told the reason.
   * @throws MedsealError `APPLICATION_OTHER` if another one waits now, or none; `PARTY_SUSPENDED`.
   */
  decline(decided: {
    readonly member: Organisation;
    readonly application: PartyApplication;
    readonly reason: DeclineReason;
  }): Promise<void>;
  /**
   * Examines a change of the network that goes round between organisations, and the contracts on the ledger that it adds.
   * Nothing is signed: that takes the folder's keys. An upgrade of the engine is refused while a connected validator does not say its
   * program, but for those of organisations that are `unheard`. Codes that it names are those of contracts which this version creates.
   * @throws MedsealError `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID` if it does not follow the newest file that the node knows, or a
   * contract is not the one that this version creates, is used already, or was created by no account of the network's organisations.
   */
  change(asked: {
    readonly successor: Successor;
    readonly unheard?: readonly Organisation[];
  }): Promise<ChangeShown>;
  /**
   * Creates contracts that the network lacks, with those that they cannot be without, for a change to add.
   * @throws MedsealError `ARGUMENT_INVALID` if the network has one, or the ledger takes no creation of its code yet; `LEDGER_REJECTED`.
   */
  create(contracts: readonly FurtherContract[]): Promise<ContractsCreated>;
  /** Lists people; `find` is the beginning of an address, a role or an organisation, or nothing for all. */
  parties(find: string): Promise<PartiesShown>;
  /** Lists all doctors and registrars of an organisation that are not suspended: they attest births and deaths. */
  attesting(organisation: Organisation): Promise<readonly PartyFacts[]>;
  /**
   * Drafts a suspension of a party, or its lifting; nobody signs it yet.
   * @throws MedsealError `PARTY_UNKNOWN`; `ARGUMENT_INVALID` if the party is in that state already.
   */
  draft(change: { readonly party: Address; readonly suspended: boolean }): Promise<SuspensionShown>;
  /**
   * Examines a suspension that other members signed. Nothing is signed.
   * @throws MedsealError `ARGUMENT_INVALID` if it is not the party's next change, or somebody else signed it.
   */
  review(signed: SignedSuspension): Promise<SuspensionShown>;
  /**
   * Signs a suspension as a member, exactly as it was shown, and brings it to the ledger once enough members signed.
   * @throws MedsealError as `review` does; `PARTY_SUSPENDED`; `RULE_REFUSED`.
   */
  sign(decided: {
    readonly member: Organisation;
    readonly signed: SignedSuspension;
  }): Promise<SuspensionShown>;
}
