import type { TokenSettings } from '../token/TokenSettings.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import type { Quotas } from '../../services/agent/Quotas.ts';
import type { RequestLimits } from '../../http/limits/RequestLimits.ts';
import type { StoreSettings } from '../../vault/StoreSettings.ts';
import type { PushSettings } from '../push/createPushPort.ts';
import type { CheckpointPolicy } from '../../services/administrator/createCheckpointer.ts';

/** Level of a log: events of this level and above are written. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Settings of the place of an organisation's stores. */
export interface DatabaseSettings {
  /** URL of a PostgreSQL database, without a password; the stores are in the folder if absent. */
  readonly url?: string;
  /** File with the password. */
  readonly password?: string;
  /** Folder that all machines of the organisation reach, for the secrets of bodies; the node's folder if absent. */
  readonly secrets?: string;
  /** Seconds that the writer may stand still before another node takes over; 10 if absent. */
  readonly lease?: number;
}

/** Configuration of a node; `settings` describes each value. */
export interface Configuration {
  /** Endpoint for parties. */
  readonly listen: {
    readonly host: string;
    readonly port: number;
    /** Names that requests may give as their host, besides this machine's own. */
    readonly names: readonly string[];
    /** Origins of web pages that may call. */
    readonly origins: readonly string[];
    /** Addresses of proxies in front, which are trusted to name the caller. */
    readonly proxies: readonly string[];
  };
  readonly portal: {
    /** `always`: parties get the portal at `/<organisation>/portal/`. */
    readonly serve: 'always' | 'never';
  };
  /** The organisation's pushes to browsers of its parties. */
  readonly push: PushSettings;
  /** Endpoint for other organisations, and their addresses. */
  readonly peers: {
    readonly host: string;
    readonly port: number;
    /** Addresses of proxies in front. */
    readonly proxies: readonly string[];
    readonly urls: Readonly<Record<Organisation, string>>;
    /** Seconds that a call of another organisation may take. */
    readonly timeout: number;
  };
  readonly ledger: {
    /** Port of JSON-RPC for tools on this machine, if the ledger is in this folder. */
    readonly port: number;
    /** `always`: that port also passes on what the ledger of another organisation answers. */
    readonly serve: 'own' | 'always';
    /** `anyone`: parties may read the ledger at the agent's address. */
    readonly reads: 'nobody' | 'anyone';
    /** URL of the ledger, if it is not at the organisation that founded the network, nor of a validator in this folder. */
    readonly url?: string;
  };
  /** The organisation's validator, if validators hold the ledger. */
  readonly validator: {
    readonly host: string;
    readonly port: number;
    /** Nodes that may connect besides those of the founders' validators: an id each, or an id and an address. */
    readonly peers: readonly string[];
    /** Port of its JSON-RPC on this machine. */
    readonly rpcPort: number;
    /** Port of its blocks, signatures and proofs on this machine. */
    readonly blocksPort: number;
    /** Port on this machine for metrics of the engine; it serves none if absent. */
    readonly metricsPort?: number;
    /** Milliseconds that a block waits for more transactions. */
    readonly blockTime: number;
    /** Milliseconds that a block waits for its first transaction. */
    readonly idleBlockTime: number;
    /** Blocks after which a snapshot of the state is made for others; 0 for never. */
    readonly snapshotEvery: number;
    /** `snapshot`: a validator that joins later begins with a snapshot of another organisation's. */
    readonly begin: 'snapshot' | 'blocks';
    /** Number of newest blocks that it keeps, besides those of the last 22 days; all if absent. */
    readonly keepBlocks?: number;
    /** The engine's program. */
    readonly program: string;
    /** Address at which the remote signer connects that has the key; the node's folder has it if absent. */
    readonly privValidatorLaddr?: string;
    /** Public key of the remote signer. */
    readonly signerKey?: Bytes32;
  };
  /** The token that has the keys which the organisation signs with; the node's folder has them if it is not named. */
  readonly pkcs11: TokenSettings;
  /** Endpoint for health and metrics. */
  readonly operate: {
    readonly host: string;
    readonly port: number;
    /** Names that requests may give as their host, besides this machine's own. */
    readonly names: readonly string[];
  };
  readonly checkpoints: CheckpointPolicy;
  readonly quotas: Quotas;
  readonly limits: RequestLimits & {
    /** Largest sealed file, in bytes. */
    readonly fileBytes: number;
  };
  readonly authority: {
    /** Applications that this organisation's member of the authority signs: of approved parties, or all. */
    readonly accepts: 'approved' | 'everyone';
  };
  readonly database: DatabaseSettings;
  /** The place of sealed files. */
  readonly vault: StoreSettings;
  readonly disk: {
    /** Bytes kept in reserve: the node accepts nothing new while fewer are free. */
    readonly reserve: number;
  };
  readonly log: { readonly level: LogLevel; readonly format: 'json' | 'pretty' };
  readonly stop: {
    /** Seconds that requests under way have to end at a stop. */
    readonly timeout: number;
  };
}
