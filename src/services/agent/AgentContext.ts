import type { CameToNothing } from '../coordinator/LogEnds.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Bytes32, LogName, Organisation } from '../../protocol/ids.ts';
import type { PortalStatement } from '../../protocol/portal/portalStatement.ts';
import type { KeyedLock } from '../../database/KeyedLock.ts';
import type { Vault } from '../../vault/Vault.ts';
import type { Contributor } from '../contributor/createContributor.ts';
import type { Administrator } from '../administrator/createAdministrator.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { EnrolmentAnswers } from '../enrolment/EnrolmentAnswers.ts';
import type { AuthorityPort, ContributorPort, CoordinatorPort } from '../ports.ts';
import type { Erasures } from '../entries/Erasures.ts';
import type { Succession } from '../succession/Succession.ts';
import type { Pushes } from '../push/createPushes.ts';
import type { PushPort } from '../push/PushPort.ts';
import type { PushStore } from '../push/PushStore.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { AwaitEntries } from './awaitEntries.ts';
import type { MinuteQuota } from '../MinuteQuota.ts';
import type { ByteAllowance } from '../coordinator/ByteAllowance.ts';
import type { Leases } from './Leases.ts';
import type { PartyAccounts } from './PartyAccounts.ts';
import type { Quotas } from './Quotas.ts';
import type { Refusals } from './Refusals.ts';

/** Options of `createAgent`, beside the context. */
export interface AgentOptions {
  /** The organisation's own log. */
  readonly log: EvidenceLog;
  /** The channel's logs as this organisation holds them, its own among them. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly vault: Vault;
  /** The organisation's own contributor: it fetches and repairs sealed files, and copies deposits of the others. */
  readonly contributor: Pick<Contributor, 'obtain' | 'mend' | 'isAbreast' | 'entered'>;
  readonly deposits: DepositStore;
  readonly administrator: Administrator;
  /** Tells whether what a log had to hold by a moment came to nothing, as the organisation's own coordinator knows. */
  readonly cameToNothing: CameToNothing;
  /** Requires that the organisation's own log is open, by its own coordinator: it throws `LOG_CLOSED`. */
  readonly requireOpen: () => Promise<void>;
  /** The ledger for those who read it at this agent; the node's own work has another connection to it. */
  readonly ledger: LedgerProvider;
  /** The account that carries enrolments to the ledger. */
  readonly sender: Sender;
  /** The channel's coordinators. */
  readonly coordinators: readonly CoordinatorPort[];
  /** Every organisation's contributor. */
  readonly contributors: ReadonlyMap<Organisation, ContributorPort>;
  /** Every member of the authority. */
  readonly authority: ReadonlyMap<Organisation, AuthorityPort>;
  /** Remembers what the members answer to applications. */
  readonly enrolments: EnrolmentAnswers;
  readonly quotas: Quotas;
  /** Charges parties for the processor time of their answers; nobody is charged if absent. */
  readonly accounts?: PartyAccounts | undefined;
  /** The organisation's pushes to browsers of its parties. */
  readonly push: {
    readonly pushes: Pick<Pushes, 'browsersOf'>;
    readonly store: PushStore;
    readonly port?: PushPort | undefined;
  };
  /** The network file's successors. */
  readonly succession: Succession;
  /** States which portal the agent serves; absent if it serves none. */
  readonly statePortal?: (() => PortalStatement) | undefined;
  /** Receives errors of background work. */
  readonly onFailure: (error: unknown) => void;
}

/** Context that the parts of the agent share. */
export interface AgentContext extends ServiceContext, AgentOptions {
  readonly accounts: PartyAccounts;
  /** Lock on entering the next epoch: one at a time for each patient. */
  readonly turning: KeyedLock;
  /** Lock on enrolling a party, suspending it and changing its key: one at a time, so that a repeat costs no transaction. */
  readonly changing: KeyedLock;
  readonly refusals: Refusals;
  readonly leases: Leases;
  /** Bytes of sealed files that parties may still send today. */
  readonly bytes: ByteAllowance;
  /** Limits the births, deaths and wills of a party that cost a transaction. */
  readonly vitalRecords: MinuteQuota;
  /** Limits those of a party that the ledger is asked about, which a dry run may refuse. */
  readonly vitalTries: MinuteQuota;
  /** Limits the views for which a party asks for shares. */
  readonly releases: MinuteQuota;
  /** Limits the requests about news of a party. */
  readonly notifies: MinuteQuota;
  readonly awaitEntries: AwaitEntries;
  /** Erasures in the channel's logs. */
  readonly erasures: Erasures;
  /** Sources of packets that enough organisations were found to keep; the oldest go first. */
  readonly heldSources: Set<Bytes32>;
}
