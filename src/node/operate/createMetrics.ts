import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { AnsweredRequest } from '../../http/reportAnswers.ts';
import { EVIDENCE_TYPES } from '../../protocol/struct/evidenceTypes.ts';
import { KINDS, type CountedOutcome } from './countOutcomes.ts';
import type { NodeState, ValidatorState } from './NodeState.ts';

/** Servers of a process: for parties, for other organisations, for tools of the ledger. */
export type ListenerName = 'agents' | 'peers' | 'ledger';

/** Codes of background failures that alerts are about: their counters are there before the first failure. */
const BACKGROUND_CODES: readonly ErrorCode[] = [
  'PEER_UNREACHABLE',
  'FOLDER_UNWRITABLE',
  'STORAGE_FULL',
  'INTERNAL',
];

/** Counts since the start of a process: refusals by code, answers by server and status, background failures by code. */
export interface Counted {
  readonly refused: Readonly<Record<string, number>>;
  readonly answered: Readonly<Record<string, number>>;
  readonly failed: Readonly<Record<string, number>>;
}

/** Metrics of a process. No label says anything about a party or a patient. */
export interface Metrics {
  /** An HTTP request was answered. */
  answered(door: ListenerName, answered: AnsweredRequest): void;
  /** A submission was answered. */
  outcome(organisation: string, counted: CountedOutcome): void;
  /** Something failed in the background. */
  failed(code: string): void;
  /** Counts since the start, for the operator's page: nothing is in them that the metrics do not have. */
  counted(): Promise<Counted>;
  /** All metrics in the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Seconds: a request in an idle process takes 2 ms, one that waits for a checkpoint a second. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Creates the metrics of a process.
 *
 * @param version - Version of this program.
 * @param state - Returns the state of the node; called with each scrape, undefined until the node is open.
 * @param organisations - Those of this process: their counters are there, with 0, before anything is counted.
 */
export function createMetrics(
  version: string,
  state: () => Promise<NodeState | undefined>,
  organisations: readonly string[] = [],
): Metrics {
  const registers = [new Registry()];
  const [register] = registers as [Registry];
  collectDefaultMetrics({ register });
  // By their names they would be counters, and they are not.
  for (const name of ['handles', 'requests', 'resources']) {
    register.removeSingleMetric(`nodejs_active_${name}_total`);
  }
  new Gauge({
    name: 'medseal_build_info',
    help: '1; the label is the version of the program',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  const requests = new Counter({
    name: 'medseal_requests_total',
    help: 'HTTP requests that were answered',
    labelNames: ['door', 'method', 'route', 'status'],
    registers,
  });
  const latency = new Histogram({
    name: 'medseal_request_seconds',
    help: 'Seconds until the answer to an HTTP request began',
    labelNames: ['door', 'route'],
    buckets: SECONDS,
    registers,
  });
  const outcomes = new Counter({
    name: 'medseal_submissions_total',
    help: 'Signed requests by kind and outcome, with the code of a refusal',
    labelNames: ['organisation', 'kind', 'outcome', 'code'],
    registers,
  });
  const failures = new Counter({
    name: 'medseal_background_failures_total',
    help: 'Background tasks that failed, by code; they are tried again',
    labelNames: ['code'],
    registers,
  });
  const show = showState(registers);
  for (const organisation of organisations) {
    for (const kind of KINDS) {
      const isEntry = (EVIDENCE_TYPES as readonly string[]).includes(kind);
      const outcome = isEntry ? 'acknowledged' : kind === 'End' ? 'kept' : 'placed';
      outcomes.inc({ organisation, kind, outcome, code: '' }, 0);
    }
  }
  for (const code of BACKGROUND_CODES) failures.inc({ code }, 0);

  return {
    answered(door, { method, route, status, milliseconds }) {
      requests.inc({ door, method: METHODS.has(method) ? method : 'other', route, status });
      latency.observe({ door, route }, milliseconds / 1000);
    },
    outcome: (organisation, counted) => outcomes.inc({ organisation, ...counted }),
    failed: (code) => failures.inc({ code }),
    async counted() {
      return {
        refused: await sumBy(outcomes, ({ code }) => code),
        answered: await sumBy(requests, ({ door, status }) => `${door} ${status}`),
        failed: await sumBy(failures, ({ code }) => code),
      };
    },
    async text() {
      const now = await state();
      if (now !== undefined) show(now);
      return await register.metrics();
    },
    contentType: register.contentType,
  };
}

/** Adds the values of a counter up, by a name made of its labels; what is 0 or has no name is left out. */
async function sumBy(
  counter: Counter,
  nameOf: (labels: Partial<Record<string, string | number>>) => string | number | undefined,
): Promise<Readonly<Record<string, number>>> {
  const sums = new Map<string, number>();
  for (const { labels, value } of (await counter.get()).values) {
    const name = String(nameOf(labels) ?? '');
    if (name !== '' && value > 0) sums.set(name, (sums.get(name) ?? 0) + value);
  }
  return Object.fromEntries([...sums].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** The caller chooses the method, and must not choose a label. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

/** Gauges that each scrape sets from the state of the node. */
function showState(registers: Registry[]): (state: NodeState) => void {
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge =>
    new Gauge({ name: `medseal_${name}`, help, labelNames, registers });
  const logEntries = gauge('log_entries', 'Entries of a log at this node', 'organisation', 'log');
  const checkpointLag = gauge(
    'checkpoint_lag_entries',
    'Entries of its own log that no checkpoint on the ledger covers',
    'organisation',
  );
  const checkpointWait = gauge(
    'checkpoint_wait_seconds',
    'Time for which entries of its own log have waited for a checkpoint',
    'organisation',
  );
  const replicaLag = gauge(
    'replica_lag_entries',
    'Entries of another organisation’s log, checkpointed on the ledger, that this node lacks',
    'organisation',
    'log',
  );
  const vaultBytes = gauge('vault_bytes', 'Bytes of sealed files at this node', 'organisation');
  const vaultFiles = gauge('vault_files', 'Sealed files at this node', 'organisation');
  const ruleRows = gauge(
    'rule_rows',
    'Parties, charts, grants and commitments of the ledger in memory, up to 650 bytes each',
    'organisation',
  );
  const diskFree = gauge('disk_free_bytes', 'Free bytes on the disk of the folder');
  const block = gauge('ledger_block', 'Number of the newest block that this node knows');
  const ahead = gauge(
    'ledger_ahead_seconds',
    'Seconds by which the newest block is ahead of this machine’s clock; beyond 30 nothing is judged',
  );
  const age = gauge('ledger_age_seconds', 'Seconds since the time of the newest block');
  const maxAge = gauge(
    'ledger_max_age_seconds',
    'Age of the newest block beyond which nobody reads by a right; 0 if the network has no bound',
  );
  const followed = gauge('ledger_followed', '1 while the ledger answers');
  const peers = gauge('peer_reachable', '1 while the node of an organisation answers', 'peer');
  const running = gauge(
    'validator_running',
    '1 while the validator that the node runs does',
    'organisation',
  );
  const height = gauge('validator_block', 'Newest block of the node’s validator', 'organisation');
  const catching = gauge(
    'validator_behind',
    '1 while the node’s validator fetches blocks, and does not vote',
    'organisation',
  );
  const connected = gauge(
    'validator_peers',
    'Nodes that the node’s validator is connected with',
    'organisation',
  );
  const missed = gauge(
    'validator_missed_blocks',
    'Blocks of the window of absence that the validator of an organisation did not sign; it is set aside above `validator_missed_blocks_most`',
    'validator',
  );
  const window = gauge(
    'validator_absence_window_blocks',
    'Number of the newest blocks over which absence is counted',
  );
  const mostMissed = gauge(
    'validator_missed_blocks_most',
    'Blocks of these that a validator may miss; with one more it is set aside',
  );
  const aside = gauge(
    'validator_aside',
    '1 while the validator of an organisation has lost its vote by absence or two signatures',
    'validator',
  );
  const showEngines = enginesShown(gauge);
  const forked = gauge(
    'succession_forked',
    '1 while two signed successors of one network file are known and the operator has not decided; the node takes no newer file',
  );
  const dropped = gauge(
    'succession_dropped',
    'Signed successors of network files that the operator decided against',
  );
  const contradicted = gauge(
    'succession_contradicted',
    '1 while the ledger contradicts a successor of the network file that the node keeps',
  );
  const indexDiffers = gauge(
    'index_differs',
    '1 while this node’s index of the ledger is not that of an organisation, at the last block at which both were compared',
    'peer',
  );
  const ready = gauge('ready', '1 while the node takes all requests');

  const showValidator = (organisation: string, validator: ValidatorState): void => {
    running.set({ organisation }, validator.running ? 1 : 0);
    height.set({ organisation }, validator.height ?? 0);
    catching.set({ organisation }, validator.behind === true ? 1 : 0);
    connected.set({ organisation }, validator.peers ?? 0);
    showEngines(organisation, validator);
    if (validator.window !== undefined) window.set(validator.window);
    if (validator.mostMissed !== undefined) mostMissed.set(validator.mostMissed);
    for (const each of validator.validators ?? []) {
      const of = { validator: each.organisation };
      missed.set(of, each.missed);
      aside.set(of, each.aside || each.out ? 1 : 0);
    }
  };

  return (state) => {
    const [first] = state.organisations;
    if (state.validator !== undefined) showValidator(first?.organisation ?? '', state.validator);
    ready.set(state.ready ? 1 : 0);
    followed.set(state.ledger.followed ? 1 : 0);
    ahead.set(state.ledger.ahead);
    age.set(state.ledger.age);
    maxAge.set(state.ledger.maxAge ?? 0);
    block.set(state.ledger.block);
    forked.set(state.succession.fork === undefined ? 0 : 1);
    contradicted.set(state.succession.contradicted === undefined ? 0 : 1);
    dropped.set(state.succession.dropped ?? 0);
    if (state.diskFree !== undefined) diskFree.set(state.diskFree);
    for (const { organisation: peer, same } of state.index.compared) {
      indexDiffers.set({ peer }, same ? 0 : 1);
    }
    for (const [peer, reachable] of Object.entries(state.peers)) {
      peers.set({ peer }, reachable ? 1 : 0);
    }
    for (const each of state.organisations) {
      const { organisation, logs, vault, checkpointLag: lag } = each;
      checkpointLag.set({ organisation }, lag);
      checkpointWait.set({ organisation }, each.checkpointWait);
      ruleRows.set({ organisation }, each.ruleRows);
      if (vault !== undefined) {
        vaultBytes.set({ organisation }, vault.bytes);
        vaultFiles.set({ organisation }, vault.files);
      }
      for (const { log, entries, replicaLag: behind } of logs) {
        logEntries.set({ organisation, log }, entries);
        if (behind !== undefined) replicaLag.set({ organisation, log }, behind);
      }
    }
  };
}

/** Gauges about the engine's programs, and upgrades of them. */
function enginesShown(
  gauge: (name: string, help: string, ...labelNames: string[]) => Gauge,
): (organisation: string, validator: ValidatorState) => void {
  const program = gauge(
    'validator_program_info',
    '1; the labels are the version, the platform and the SHA-256 of the engine’s program that the validator of an organisation runs',
    'validator',
    'version',
    'platform',
    'sha256',
  );
  const upgradeBlock = gauge(
    'engine_upgrade_block',
    'Block of the newest signed upgrade of the engine; 0 before the first',
  );
  const lapsed = gauge(
    'engine_upgrade_lapsed',
    '1 while the newest upgrade of the engine is one that too few stated before its block',
  );
  const lacking = gauge(
    'validator_program_lacking',
    '1 while the node’s validator lacks the program that the ledger goes on with, and does not run',
    'organisation',
  );
  return (organisation, validator) => {
    lacking.set({ organisation }, validator.lacking === undefined ? 0 : 1);
    upgradeBlock.set(validator.upgrade?.height ?? 0);
    lapsed.set(validator.upgrade?.stands === 'lapsed' ? 1 : 0);
    program.reset();
    for (const [name, { version, platform, sha256 }] of Object.entries(validator.programs ?? {})) {
      program.set({ validator: name, version, platform, sha256 }, 1);
    }
  };
}
