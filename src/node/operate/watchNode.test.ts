import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { PeerPorts } from '../../services/peers/peerCalls.ts';
import { network, primitives, word } from '../../protocol/test/sampleNetwork.ts';
import { signedBy, termsOf } from '../../protocol/test/sampleSuccessors.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { noSuccession, type Succession } from '../../services/succession/Succession.ts';
import type { RunningNode } from '../openNode.ts';
import { createLogger } from './createLogger.ts';
import { createMetrics } from './createMetrics.ts';
import { reasonText } from '../../protocol/operator/nodeReasons.ts';
import { watchNode, type NodeWatch } from './watchNode.ts';

type Answer = 'answers' | 'skewed' | 'away';
let lines: string[];

async function answer(of: Answer): Promise<unknown> {
  if (of === 'away') throw new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' });
  if (of === 'skewed') throw new MedsealError('PEER_CALL_SKEWED', { limit: 30 });
  return await Promise.resolve([]);
}

/** Watches a node whose calls others answer like this, and may answer otherwise later. */
async function watch(
  t: TestContext,
  answers: Record<Organisation, Answer>,
  succession: Succession = noSuccession(network),
  more: Partial<RunningNode> = {},
  digests: (name: Organisation) => unknown = () => undefined,
): Promise<{ readonly watch: NodeWatch; readonly clock: TestClock }> {
  lines = [];
  const clock = new TestClock(1_800_000_000_000);
  const peers = Object.keys(answers).map((name) => {
    const stats = async (): Promise<unknown> => await answer(answers[name] ?? 'away');
    const indexed = async (): Promise<unknown> => digests(name) ?? (await answer('away'));
    const ports = { contributor: { stats }, coordinator: { indexed } };
    return [name, ports as unknown as PeerPorts] as const;
  });
  const log = createLogger({
    level: 'info',
    format: 'json',
    write: (line) => void lines.push(line),
  });
  const watching = await watchNode({
    node: {
      organisations: new Map(),
      file: network,
      succession,
      removed: [],
      ...more,
    } as unknown as RunningNode,
    clock,
    space: { free: undefined, fault: undefined },
    peers: new Map(peers),
    isSettled: () => true,
    log,
  });
  t.after(async () => await watching.close());
  return { watch: watching, clock };
}

/** Lets it ask the others once more. */
async function askAgain(clock: TestClock): Promise<void> {
  clock.advance(5000);
  await new Promise((resolve) => setImmediate(resolve));
}

for (const [title, answers] of Object.entries({
  'no other': { laboratory: 'answers', insurer: 'answers', pharmacy: 'answers' },
  'one of three, whose own clock is wrong': {
    laboratory: 'skewed',
    insurer: 'answers',
    pharmacy: 'answers',
  },
  'one of two': { laboratory: 'skewed', insurer: 'answers' },
  'one of three, while another is away': {
    laboratory: 'skewed',
    insurer: 'away',
    pharmacy: 'answers',
  },
} satisfies Record<string, Record<string, Answer>>)) {
  test(`a node is ready if its calls are refused for the clock by ${title}`, async (t) => {
    const { watch: watching } = await watch(t, answers);
    assert.deepEqual((await watching.state()).waitingFor, []);
    assert.deepEqual(lines, []);
  });
}

test('a node that takes requests says which checkpoints it does not sign yet, since it was restored, and which logs are closed', async (t) => {
  const organisation = {
    rejoining: { learnt: true },
    administrator: { waited: () => 0 },
    coordinator: {
      closedLogs: async () => await Promise.resolve(['care/insurer']),
      awaitedCheckpoints: async () =>
        await Promise.resolve(
          ['hospital', 'insurer'].map((name) => ({ log: `care/${name}`, after: 1_800_000_300 })),
        ),
    },
    vault: { usage: async () => await Promise.resolve({ files: 0, bytes: 0 }) },
    logs: new Map(),
    index: {
      refresh: async () => await Promise.resolve(),
      ahead: 0,
      age: 0,
      block: 7,
      rows: 0,
      basis: '',
      digests: [],
    },
  };
  const organisations = new Map([['laboratory', organisation]]);
  const more = { organisations } as unknown as Partial<RunningNode>;
  const { watch: watching } = await watch(t, {}, noSuccession(network), more);
  const { ready, notYet } = await watching.state();
  assert.equal(ready, true);
  assert.deepEqual(notYet.map(reasonText), [
    'laboratory judges, signs and releases for care/insurer: the log is closed, as there is proof that it signed two histories',
    'laboratory signs checkpoints of care/hospital: it was restored, and the ledger must have one of 2027-01-15T08:05:00.000Z or later first',
  ]);
});

test('a node whose calls most others refuse for the clock says so, in its state and once in its log', async (t) => {
  const answers: Record<Organisation, Answer> = {
    laboratory: 'skewed',
    insurer: 'skewed',
    pharmacy: 'away',
  };
  const { watch: watching, clock } = await watch(t, answers);
  const { ready, waitingFor, peers } = await watching.state();
  assert.equal(ready, false);
  const reason =
    'clocks to agree: 2 of 3 other organisations refuse what this machine’s clock says';
  assert.deepEqual(waitingFor.map(reasonText), [reason]);
  assert.deepEqual(peers, { laboratory: false, insurer: false, pharmacy: false });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /"level":"warn".*"clock differs"/);
  assert.match(lines[0] ?? '', /"laboratory,insurer"/);
  await askAgain(clock);
  assert.equal(lines.length, 1);
  Object.assign(answers, { laboratory: 'answers', insurer: 'answers', pharmacy: 'answers' });
  await askAgain(clock);
  assert.equal((await watching.state()).ready, true);
  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? '', /"level":"info".*"clock agrees"/);
});

/** The metrics of a node that is watched. */
async function textOf(watching: NodeWatch): Promise<string> {
  return await createMetrics('test', async () => await watching.state()).text();
}

test('a node that knows of a fork says so in its state and metrics, until it is decided, and how many were', async (t) => {
  const successors = [2000, 3000].map((from) =>
    signedBy(network, termsOf(network, from), ['hospital', 'laboratory']),
  );
  const [, other = assert.fail()] = successors;
  const alone = noSuccession(network);
  const open = { ...alone, fork: { successors } };
  const settled = { ...alone, dropped: [successorOf(primitives, network, other)] };
  for (const [succession, state, forked, dropped] of [
    [alone, {}, 0, 0],
    [open, { fork: 1 }, 1, 0],
    [settled, { dropped: 1 }, 0, 1],
  ] as const) {
    const { watch: watching } = await watch(t, {}, succession);
    const said = (await watching.state()).succession;
    assert.deepEqual(said, { number: 0, refused: {}, ...state });
    const text = await textOf(watching);
    assert.ok(text.includes(`\nmedseal_succession_forked ${forked}\n`), text);
    assert.ok(text.includes(`\nmedseal_succession_dropped ${dropped}\n`), text);
  }
});

test('a node names whose validator all others took power from, and the end of that, and is ready all the same', async (t) => {
  const until = 1_800_000_600;
  const removed = [
    { organisation: 'pharmacy', until, isConfirmed: false },
    { organisation: 'clinic', until, isConfirmed: true },
  ];
  const { watch: watching } = await watch(t, {}, noSuccession(network), { removed });
  const { ready, notYet } = await watching.state();
  assert.equal(ready, true);
  const moment = new Date(1000 * until).toISOString();
  assert.deepEqual(notYet, [
    { code: 'key-out', values: { name: 'pharmacy', moment } },
    { code: 'key-leaving', values: { name: 'clinic' } },
  ]);
});

test('a node whose successor the ledger contradicts says which and why, and logs it once', async (t) => {
  const contradicted = { number: 3, reason: 'the ledger made another change 2 of the authority' };
  const { watch: watching, clock } = await watch(t, {}, noSuccession(network), { contradicted });
  await askAgain(clock);
  await askAgain(clock);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /"level":"error".*"number":3,"event":"successor contradicted"/);
  assert.deepEqual((await watching.state()).succession.contradicted, contradicted);
  assert.match(await textOf(watching), /^medseal_succession_contradicted 1$/m);
  const { watch: agreeing } = await watch(t, {});
  assert.equal((await agreeing.state()).succession.contradicted, undefined);
  assert.match(await textOf(agreeing), /^medseal_succession_contradicted 0$/m);
});

test('a node names in its state, its log and a metric the organisations whose index of the ledger differs, until they agree', async (t) => {
  const digests = [{ block: 64, digest: word('rows') }];
  const stands = { block: 64, rows: 0, ahead: 0, age: 0 };
  const index = {
    ...stands,
    basis: 'basis',
    digests,
    refresh: async () => await Promise.resolve(),
  };
  const answered: Record<Organisation, typeof digests | undefined> = {
    laboratory: digests,
    insurer: [{ block: 64, digest: word('other') }],
    pharmacy: undefined,
  };
  const organisation = {
    index,
    rejoining: { learnt: true },
    administrator: { waited: () => 0 },
    coordinator: {
      closedLogs: async () => await Promise.resolve([]),
      awaitedCheckpoints: async () => await Promise.resolve([]),
    },
    vault: { usage: async () => await Promise.resolve({ files: 0, bytes: 0 }) },
    logs: new Map(),
  };
  const { watch: watching, clock } = await watch(
    t,
    { laboratory: 'answers', insurer: 'answers', pharmacy: 'away' },
    noSuccession(network),
    {
      organisations: new Map([['hospital', organisation]]),
      ports: { primitives },
    } as unknown as Partial<RunningNode>,
    (name) => answered[name],
  );
  const newest = { block: 64, digest: word('rows') };
  assert.deepEqual((await watching.state()).index, { newest, compared: [] });
  await compareAgain(clock);
  const [same, differs] = [true, false].map((each) => ({ block: 64, same: each }));
  const laboratory = { organisation: 'laboratory', ...same };
  const state = await watching.state();
  assert.deepEqual(state.index, {
    newest,
    compared: [laboratory, { organisation: 'insurer', ...differs }],
  });
  // It may be the other that is wrong, or lies.
  assert.deepEqual([state.ready, state.waitingFor], [true, []]);
  const text = await textOf(watching);
  assert.match(text, /^medseal_index_differs\{peer="insurer"\} 1$/m);
  assert.match(text, /^medseal_index_differs\{peer="laboratory"\} 0$/m);
  await compareAgain(clock);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /"level":"error".*"from":"insurer","event":"index differs"/);
  // It is asked again once there is a newer digest, and does not answer.
  answered['insurer'] = undefined;
  index.digests = [...digests, { block: 96, digest: word('later rows') }];
  await compareAgain(clock);
  assert.equal(lines.length, 1);
  assert.deepEqual((await watching.state()).index.compared, state.index.compared);
  answered['insurer'] = index.digests;
  await compareAgain(clock);
  assert.match(lines[1] ?? '', /"level":"info".*"event":"index agrees"/);
  assert.match(await textOf(watching), /^medseal_index_differs\{peer="insurer"\} 0$/m);
});

/** Lets it compare its index with those of the others once more. */
async function compareAgain(clock: TestClock): Promise<void> {
  clock.advance(5000);
  await new Promise((resolve) => setImmediate(resolve));
}
