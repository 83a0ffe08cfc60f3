import { isMedsealError } from '../../errors/isMedsealError.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { maxLedgerAgeOf } from '../../protocol/network/maxLedgerAgeOf.ts';
import { nodeReason, type NodeReason } from '../../protocol/operator/nodeReasons.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import { MAX_LEDGER_AHEAD } from '../../protocol/evidence/requireNotAhead.ts';
import type { PeerPorts } from '../../services/peers/peerCalls.ts';
import type { VaultUsage } from '../../vault/Vault.ts';
import type { RunningNode } from '../openNode.ts';
import type { RunningOrganisation } from '../openOrganisation.ts';
import { repeatedly } from '../repeatedly.ts';
import type { ValidatorProcess } from '../validator/superviseValidator.ts';
import { awaitedProgram } from '../validator/awaitedProgram.ts';
import { upgradeState, validatorPrograms } from '../validator/validatorPrograms.ts';
import type { ValidatorKeyPlace } from '../../protocol/operator/ValidatorKeyPlace.ts';
import { awaitedToken } from '../token/followToken.ts';
import type { PkcsToken } from '../token/PkcsToken.ts';
import { awaitedSigner, type RemoteSignerState } from '../validator/RemoteSigner.ts';
import { unnamedKey } from '../validator/unnamedKey.ts';
import { answersSoon } from './answersSoon.ts';
import { IndexComparison } from './IndexComparison.ts';
import type { FreeSpace } from './FreeSpace.ts';
import type { Logger } from './Logger.ts';
import type { NodeState, OrganisationState, SuccessionState, ValidatorState } from './NodeState.ts';

/** Milliseconds between two checks whether ledger and peers answer. */
const ASK_EVERY = 5000;
/** Milliseconds between two counts of a vault's files. */
const COUNT_EVERY = 60_000;

/** Options of `watchNode`. */
export interface WatchOptions {
  readonly node: RunningNode;
  readonly clock: Clock;
  /** Free space on its disk. */
  readonly space: Pick<FreeSpace, 'free' | 'fault'>;
  /** The token that has its keys, if one has. */
  readonly token?: Pick<PkcsToken, 'token' | 'fault'> | undefined;
  /** The services of the organisations in other processes, as one of this process reaches them. */
  readonly peers: ReadonlyMap<Organisation, PeerPorts>;
  /** Tells whether the accounts of the folder's organisations are enrolled. */
  readonly isSettled: () => boolean;
  /** Codes of what other nodes sent as successors and this one refused. */
  readonly refused?: SuccessionState['refused'] | undefined;
  /** The organisation's validator, if this node runs it. */
  readonly validator?:
    Pick<ValidatorProcess, 'key' | 'pid' | 'presence' | 'told' | 'programs' | 'signer'> | undefined;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** Checks a running node from time to time, so that its state is known at once. */
export interface NodeWatch {
  state(): Promise<NodeState>;
  /** Ends the checks. */
  close(): Promise<void>;
}

/**
 * Begins to watch a node.
 *
 * @param options - The node, and what it depends on.
 */
export async function watchNode(options: WatchOptions): Promise<NodeWatch> {
  const { node, clock, space, peers, isSettled, validator, log } = options;
  let followed = true;
  const reachable: Record<Organisation, boolean> = {};
  /** Organisations that refused the last call because of its moment. */
  const skewed = new Set<Organisation>();
  let differs = false;
  /** Number of the contradicted successor that the log names. */
  let told: number | undefined;
  const comparison = new IndexComparison({ node, peers, clock, log });
  const vaults = new Map<Organisation, VaultUsage>();
  const chores = [
    repeatedly(
      clock,
      ASK_EVERY,
      async () => await comparison.look(),
      () => undefined,
    ),
    repeatedly(clock, ASK_EVERY, ask, () => undefined),
    repeatedly(clock, COUNT_EVERY, count, () => undefined),
  ];
  await Promise.all([ask(), count()]);
  return {
    state,
    async close() {
      await Promise.all(chores.map(async (end) => await end()));
    },
  };

  async function ask(): Promise<void> {
    const [organisation] = node.organisations.values();
    await Promise.all([
      organisation?.index.refresh().then(
        () => (followed = true),
        () => (followed = false),
      ),
      ...[...peers].map(async ([name, port]) => {
        const answer = port.contributor.stats([]);
        answer.then(
          () => skewed.delete(name),
          (error: unknown) => {
            if (isMedsealError(error, 'PEER_CALL_SKEWED')) skewed.add(name);
            else skewed.delete(name);
          },
        );
        reachable[name] = await answersSoon(clock, answer);
      }),
    ]);
    tellClock();
    tellContradicted();
  }

  /** Logs that the ledger contradicts a successor, when that begins. */
  function tellContradicted(): void {
    const { number } = node.contradicted ?? {};
    if (number !== undefined && number !== told) log.error('successor contradicted', { number });
    told = number;
  }

  /** Logs that most others have another time than this machine, when that begins and when it ends. */
  function tellClock(): void {
    if (differs === isOdd()) return;
    differs = !differs;
    if (differs) log.warn('clock differs', { refusedBy: [...skewed].join() });
    else log.info('clock agrees');
  }

  /** Tells whether it is this machine's clock that is wrong: if it is another's, that one alone refuses. */
  function isOdd(): boolean {
    return 2 * skewed.size > peers.size;
  }

  async function count(): Promise<void> {
    for (const [name, { vault }] of node.organisations) {
      const usage = await vault.usage().catch(() => undefined);
      if (usage !== undefined) vaults.set(name, usage);
    }
  }

  /** Returns what restored organisations of the node have not learnt yet. */
  function missed(): readonly NodeReason[] {
    return [...node.organisations.values()].flatMap(({ rejoining }) => {
      if (rejoining.learnt) return [];
      const { failure } = rejoining;
      const what = isMedsealError(failure, 'NODE_BEHIND') ? failure.values.what : '';
      return [nodeReason('missed', { what })];
    });
  }

  /** Returns what organisations of the node do not do: anything for closed logs, and some checkpoints after a restore. */
  async function unsigned(): Promise<readonly NodeReason[]> {
    const reasons: NodeReason[] = [];
    for (const [name, { coordinator }] of node.organisations) {
      const closed = await coordinator.closedLogs();
      for (const log of closed) {
        reasons.push(nodeReason('log-closed', { name, log }));
      }
      for (const { log, after } of await coordinator.awaitedCheckpoints()) {
        if (closed.includes(log)) continue;
        const moment = new Date(1000 * after).toISOString();
        reasons.push(nodeReason('checkpoints-awaited', { name, log, moment }));
      }
    }
    return reasons;
  }

  async function state(): Promise<NodeState> {
    const behind = missed();
    const ledger = ledgerOf(node, followed);
    const waitingFor = [
      ...awaitedOf(ledger),
      ...awaitedToken(options.token),
      ...awaitedAt(validator),
      ...unnamedKey(validator, node.succession, node.organisations.keys(), seconds(clock)),
      ...(isOdd() ? [nodeReason('clocks', { count: skewed.size, of: peers.size })] : []),
      ...(space.fault === undefined ? [] : [nodeReason('disk')]),
      ...behind,
      ...(behind.length > 0 || isSettled() ? [] : [nodeReason('enrolment')]),
    ];
    return {
      ready: waitingFor.length === 0,
      waitingFor,
      notYet: [...(await unsigned()), ...removedAt(node)],
      ledger,
      index: comparison.state,
      peers: { ...reachable },
      succession: successionOf(node, options.refused),
      ...(space.free !== undefined && { diskFree: space.free }),
      organisations: [...node.organisations].map(([name, each]) =>
        stateOf(name, each, vaults.get(name)),
      ),
      ...(validator && {
        validator: {
          running: validator.pid !== undefined,
          blockKey: keyPlaceOf(validator.signer),
          ...validator.presence,
          ...enginesOf(node, validator),
          ...(validator.programs.lacking && { lacking: validator.programs.lacking }),
        },
      }),
    };
  }
}

/** Returns the validators from whose keys all others took power. */
function removedAt({ removed }: Pick<RunningNode, 'removed'>): readonly NodeReason[] {
  return removed.map(({ organisation: name, until, isConfirmed }) => {
    if (isConfirmed) return nodeReason('key-leaving', { name });
    return nodeReason('key-out', { name, moment: new Date(1000 * until).toISOString() });
  });
}

function ledgerOf(
  { organisations, file }: Pick<RunningNode, 'organisations' | 'file'>,
  followed: boolean,
): NodeState['ledger'] {
  const [{ index } = {}] = organisations.values();
  const maxAge = maxLedgerAgeOf(file);
  return {
    followed,
    block: Math.max(index?.block ?? 0, 0),
    ahead: index?.ahead ?? 0,
    age: index?.age ?? 0,
    ...(maxAge !== undefined && { maxAge }),
  };
}

/** Returns what the node waits for at the ledger. */
function awaitedOf({
  followed,
  ahead,
  age,
  maxAge = Infinity,
}: NodeState['ledger']): readonly NodeReason[] {
  return [
    ...(followed ? [] : [nodeReason('ledger-silent')]),
    ...(ahead > MAX_LEDGER_AHEAD ? [nodeReason('ledger-ahead', { seconds: ahead })] : []),
    ...(age > maxAge ? [nodeReason('ledger-old', { seconds: age, most: maxAge })] : []),
  ];
}

/** Returns the programs of the validators, and the newest upgrade of them. */
function enginesOf(
  { file, succession, organisations }: RunningNode,
  { presence, told }: Pick<ValidatorProcess, 'presence' | 'told'>,
): Pick<ValidatorState, 'programs' | 'upgrade'> {
  const [own = ''] = organisations.keys();
  if (presence === undefined || told === undefined) return {};
  const upgrade = upgradeState(succession.files.at(-1)?.engine, presence, told);
  return { programs: validatorPrograms(file, own, told), ...(upgrade && { upgrade }) };
}

/** Returns what the node waits for at its validator, which does not vote meanwhile. */
function awaitedAt(validator: WatchOptions['validator']): readonly NodeReason[] {
  // One that has just begun has not told yet, and may lack blocks: it answered by a state of before, as if it were the newest.
  const { behind = validator?.pid !== undefined, validators = [] } = validator?.presence ?? {};
  const isOut = validators.some(({ key, out }) => out && key === validator?.key);
  return [
    ...(behind ? [nodeReason('validator-behind')] : []),
    ...awaitedProgram(validator?.programs.lacking),
    ...awaitedSigner(validator?.signer),
    ...(isOut ? [nodeReason('validator-out')] : []),
  ];
}

/** Returns the place of a validator's key. */
function keyPlaceOf(signer: RemoteSignerState | undefined): ValidatorKeyPlace {
  if (signer === undefined) return { place: 'folder' };
  const { address, state } = signer;
  return { place: 'signer', address, ...(state !== undefined && { signer: state }) };
}

function successionOf(
  { file, succession: { files, successors, fork, dropped }, contradicted }: RunningNode,
  refused: SuccessionState['refused'] = {},
): SuccessionState {
  const number = numberOf(file);
  const newest = numberOf(files.at(-1));
  const next = successors.find((each) => each.number === newest);
  const forked = fork?.successors[0]?.number;
  return {
    number,
    ...(next !== undefined && newest > number && { next: { number: newest, from: next.from } }),
    ...(forked !== undefined && { fork: forked }),
    ...(dropped.length > 0 && { dropped: dropped.length }),
    ...(contradicted && { contradicted }),
    refused: { ...refused },
  };
}

function stateOf(
  organisation: Organisation,
  { logs, index, administrator }: RunningOrganisation,
  vault: VaultUsage | undefined,
): OrganisationState {
  const placed = [...logs.values()].map((log) => {
    const onLedger = index.checkpoint(log.identity.id)?.size ?? 0;
    return { log, onLedger, own: log.identity.organisation === organisation };
  });
  const own = placed.find((each) => each.own);
  return {
    organisation,
    logs: placed.map((each) => ({
      log: each.log.identity.name,
      entries: each.log.size,
      ...(!each.own && { replicaLag: Math.max(0, each.onLedger - each.log.size) }),
    })),
    checkpointLag: own === undefined ? 0 : Math.max(0, own.log.size - own.onLedger),
    checkpointWait: administrator.waited() / 1000,
    ...(vault && { vault }),
    ruleRows: index.rows,
  };
}
