import type { Organisation } from '../../protocol/ids.ts';
import type { Quotas } from '../../services/agent/Quotas.ts';
import type { RequestLimits } from '../http/limits/RequestLimits.ts';
import type { CheckpointPolicy } from '../../services/createAdministrator.ts';

/** How detailed a log is: everything from this level on. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** How a node is run; `settings` says of each value what it is. */
export interface Configuration {
  /** Where parties come in. */
  readonly listen: {
    readonly host: string;
    readonly port: number;
    /** Names that requests may give as their host, beside this machine's own. */
    readonly names: readonly string[];
    /** Origins of web pages that may call. */
    readonly origins: readonly string[];
    /** Addresses of proxies in front, which are believed when they say who calls. */
    readonly proxies: readonly string[];
  };
  /** Where other organisations come in, and where they are. */
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
    /** Port of JSON-RPC for tools of this machine, where the ledger is in this folder. */
    readonly port: number;
    /** Where the ledger is, if not at the organisation that founded the network. */
    readonly url?: string;
  };
  /** Where health and metrics are. */
  readonly operate: {
    readonly host: string;
    readonly port: number;
    /** Names that requests may give as their host, beside this machine's own. */
    readonly names: readonly string[];
  };
  readonly checkpoints: CheckpointPolicy;
  readonly quotas: Quotas;
  readonly limits: RequestLimits & {
    /** The most bytes that one sealed file may have. */
    readonly fileBytes: number;
  };
  readonly authority: {
    /** Whose applications this organisation's member of the authority signs. */
    readonly accepts: 'approved' | 'everyone';
  };
  readonly disk: {
    /** Bytes that are kept in reserve: while no more are free, nothing new is taken. */
    readonly reserve: number;
  };
  readonly log: { readonly level: LogLevel; readonly format: 'json' | 'pretty' };
  readonly stop: {
    /** Seconds in which what is under way may end. */
    readonly timeout: number;
  };
}
