import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { OperatorState } from '../../protocol/operator/OperatorPort.ts';
import type { Quotas } from '../../services/agent/Quotas.ts';
import type { NodeState } from '../operate/NodeState.ts';
import type { Counted } from '../operate/createMetrics.ts';

/** Facts about a process, its node open or not. */
export interface ProcessAbout {
  readonly version: string;
  /** Unix seconds of its start. */
  readonly since: number;
  readonly organisations: readonly Organisation[];
  /** SHA-256 of the portal's page that it serves. */
  readonly portal: string | undefined;
  readonly quotas: Quotas;
  /** Bytes kept free on its disk. */
  readonly reserve: number;
  readonly free: number | undefined;
  readonly counted: Counted;
  /** Unix seconds of the last backup since the start. */
  readonly backedUp: number | undefined;
  /** Reason that the node is not open yet. */
  readonly opening: string;
}

/**
 * Returns the state of a node as its operator is told it.
 *
 * @param about - The process.
 * @param network - The network file in force; undefined until the node is open.
 * @param state - State of the node; undefined until it is open.
 */
export function operatorState(
  about: ProcessAbout,
  network: NetworkFile | undefined,
  state: NodeState | undefined,
): OperatorState {
  const { version, since, organisations, portal, quotas, reserve, free, counted, backedUp } = about;
  const authority = network?.authority;
  const succession = state?.succession;
  return {
    version,
    since,
    organisations,
    ...(portal !== undefined && { portal }),
    ready: state?.ready ?? false,
    waitingFor: state?.waitingFor ?? [about.opening],
    notYet: state?.notYet ?? [],
    ...(authority && {
      authority: {
        members: [...new Set(authority.members.map(({ organisation }) => organisation))],
        threshold: authority.threshold,
      },
    }),
    ...(state && { ledger: state.ledger }),
    ...(succession && { network: succession.number }),
    disputed: succession?.fork !== undefined || succession?.contradicted !== undefined,
    peers: state?.peers ?? {},
    logs: (state?.organisations ?? []).flatMap(({ organisation: at, logs, checkpointLag }) =>
      logs.map(({ log, entries, replicaLag }) => {
        const own = replicaLag === undefined;
        return { at, log, own, entries, lag: replicaLag ?? checkpointLag };
      }),
    ),
    disk: { ...(free !== undefined && { free }), reserve },
    vaults: (state?.organisations ?? []).flatMap(({ organisation: at, vault }) =>
      vault === undefined ? [] : [{ at, files: vault.files, bytes: vault.bytes }],
    ),
    quotas: { ...quotas },
    ...counted,
    ...(backedUp !== undefined && { backup: backedUp }),
  };
}
