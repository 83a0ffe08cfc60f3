import { furtherContractsOf } from '../../protocol/network/furtherContracts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NodeReason } from '../../protocol/operator/nodeReasons.ts';
import type { OperatorState } from '../../protocol/operator/OperatorPort.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import type { Quotas } from '../../services/agent/Quotas.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import type { NodeState } from '../operate/NodeState.ts';
import type { Counted } from '../operate/createMetrics.ts';
import { membersIn } from './membersIn.ts';

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
  /** The network files that it knows; undefined until the node is open. */
  readonly succession: Pick<Succession, 'files' | 'successors'> | undefined;
  /** The successor that this folder signed last. */
  readonly signed: { readonly number: number; readonly from: number } | undefined;
  /** Reason that the node is not open yet. */
  readonly opening: NodeReason;
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
    ...(state && { ledger: state.ledger, index: state.index }),
    ...(succession && { network: succession.number }),
    ...enginesIn(state),
    members: about.succession && network ? membersIn(about.succession, network) : [],
    changes: changesIn(about, network),
    disputed: succession?.fork !== undefined || succession?.contradicted !== undefined,
    peers: state?.peers ?? {},
    logs: (state?.organisations ?? []).flatMap(
      ({ organisation: at, logs, checkpointLag, checkpointWait }) =>
        logs.map(({ log, entries, replicaLag }) => {
          const own = replicaLag === undefined;
          const waited = own ? Math.floor(checkpointWait) : 0;
          return { at, log, own, entries, lag: replicaLag ?? checkpointLag, waited };
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

/** The place of the validator's key, the programs of validators, and the newest upgrade of them. */
function enginesIn(
  state: NodeState | undefined,
): Pick<OperatorState, 'blockKey' | 'engines' | 'upgrade'> {
  const { blockKey, programs, upgrade } = state?.validator ?? {};
  return {
    ...(blockKey && { blockKey }),
    ...(programs && {
      engines: Object.entries(programs).map(([organisation, each]) => ({ organisation, ...each })),
    }),
    ...(upgrade && { upgrade }),
  };
}

/** Successors of the file in force: those that all signed, and the one that this folder signed and nobody published. */
function changesIn(
  { succession, signed }: Pick<ProcessAbout, 'succession' | 'signed'>,
  network: NetworkFile | undefined,
): OperatorState['changes'] {
  const number = numberOf(network);
  const coming = (succession?.successors ?? [])
    .filter((each) => each.number > number)
    .map(({ number: place, from, contracts, engine }) => ({
      number: place,
      from,
      stands: 'comes' as const,
      ...(contracts && { adds: furtherContractsOf(contracts) }),
      ...(engine && { engine }),
    }));
  const isNew =
    signed !== undefined &&
    signed.number > number &&
    coming.every((each) => each.number < signed.number);
  if (!isNew) return coming;
  return [...coming, { number: signed.number, from: signed.from, stands: 'signed' }];
}
