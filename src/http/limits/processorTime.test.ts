import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { agentRoutes } from '../agentRoutes.ts';
import { answerProblem } from '../answerProblem.ts';
import { servedOperations, type ServedOperation } from '../operations/operations.ts';
import { httpExamples } from '../test/httpExamples.ts';
import { answerFor, noteParty } from '../callers/callerNow.ts';
import { createLimiter } from './createLimiter.ts';
import { createPartyAccounts } from './createPartyAccounts.ts';
import { ProcessorShares } from './ProcessorShares.ts';

/** Milliseconds that an answer of the agent takes the processor for. */
const WORK = 8;
/** Milliseconds that a caller may take at once. */
const BURST = 5000;
/** Operations that ask the agent nothing. */
const WITHOUT_AGENT: readonly string[] = ['getPage', 'getOpenApi'];

/** Uses the processor for a while by both clocks, of which neither is exact: however long others have it meanwhile. */
function takeProcessor(milliseconds: number): void {
  const [began, used] = [performance.now(), process.threadCpuUsage()];
  const enough = 1.01 * milliseconds;
  for (;;) {
    const { user, system } = process.threadCpuUsage(used);
    if (user + system >= 1000 * enough && performance.now() - began >= enough) return;
  }
}

/** An agent whose every answer takes the processor for a while. */
function busyAgent(milliseconds = WORK): AgentPort {
  const answer = async (): Promise<never> => {
    await setImmediate();
    takeProcessor(milliseconds);
    throw new MedsealError('NOT_FOUND', { what: 'anything' });
  };
  return new Proxy({} as AgentPort, { get: () => answer });
}

/** Sends the example of an operation, for which the agent takes its time; the milliseconds that were charged. */
async function chargedFor(operation: ServedOperation, env?: object): Promise<number> {
  let charged = 0;
  const charge = (_caller: string, milliseconds: number): void => void (charged += milliseconds);
  const limiter = { ...createLimiter(), charge };
  const app = agentRoutes(busyAgent(), limiter, { opensLedger: true });
  app.onError(answerProblem);
  const example = httpExamples[operation.id];
  assert.ok(example !== undefined);
  const named = Object.entries(example.parameters);
  let inPath: string = operation.path;
  for (const [name, value] of named) inPath = inPath.replace(`{${name}}`, value);
  const query = new URLSearchParams(
    named.filter(([name]) => !operation.path.includes(`{${name}}`)),
  );
  const { takes, method, authorization } = operation;
  const body = takes === 'bytes' ? 'some bytes' : takes && JSON.stringify(example.body);
  const headers = {
    'content-type': takes === 'bytes' ? 'application/octet-stream' : 'application/json',
    ...(authorization && { authorization: example.authorization ?? '' }),
  };
  await app.request(
    `${inPath}?${query}`,
    { method, headers, ...(body !== undefined && { body }) },
    env,
  );
  return charged;
}

describe('the processor time of an answer', () => {
  for (const operation of servedOperations) {
    if (WITHOUT_AGENT.includes(operation.id)) continue;
    // @class a request whose answer takes long | costs its caller no more than one that takes nothing, on any route
    it(`is charged to the caller of ${operation.id}, whatever its route`, async () => {
      const charged = await chargedFor(operation);
      assert.ok(charged >= WORK, `${charged} ms`);
    });
  }

  // @actor a caller that leaves before its answer is there | has the work done and pays nothing
  it('is charged to a caller that left before the answer was there', async () => {
    const operation = servedOperations.find(({ id }) => id === 'getNetwork');
    assert.ok(operation !== undefined);
    const outgoing = { once: (_event: string, run: () => void) => run() };
    assert.ok((await chargedFor(operation, { outgoing })) >= WORK);
  });

  it('is charged to each of two that are answered at once for its own answer alone', async () => {
    const charges = new Map<string, number>();
    const charge = (caller: string, milliseconds: number): void => {
      charges.set(caller, (charges.get(caller) ?? 0) + milliseconds);
    };
    const agents = [busyAgent(60), busyAgent(1)];
    const begun = performance.now();
    await Promise.all(
      agents.map(async (agent, place) => {
        const limiter = {
          ...createLimiter(),
          charge: (_: string, ms: number) => charge(`${place}`, ms),
        };
        const app = agentRoutes(agent, limiter);
        app.onError(answerProblem);
        await app.request('/v1/network');
      }),
    );
    const [large = 0, small = 0] = ['0', '1'].map((name) => charges.get(name));
    assert.ok(large >= 60 && large + small <= performance.now() - begun + 1, `${large} ${small}`);
    assert.ok(small < large / 2, `${large} ${small}`);
  });
});

describe('a caller whose answers took more than its share', () => {
  // @actor a caller whose answers take long | takes more of the processor than its share while others ask
  it('is turned away while others ask, until it has as much again, and not while it is alone', () => {
    const clock = new TestClock(0);
    const shares = new ProcessorShares(clock);
    shares.charge('other', 250);
    shares.charge('greedy', 4000);
    assert.deepEqual([shares.visit('greedy'), shares.visit('other')], [0, 0]);
    shares.charge('greedy', 3000);
    assert.equal(shares.visit('greedy'), 8000);
    assert.equal(shares.visit('other'), 0);
    clock.advance(8001);
    assert.equal(shares.visit('greedy'), 0);
    shares.charge('greedy', 4000);
    assert.ok(shares.visit('greedy') > 0);
    clock.advance(30_000);
    shares.charge('greedy', 100_000);
    assert.equal(shares.visit('greedy'), 0, 'nobody else took time for half a minute');
  });

  it('is told when to come again, and others are answered', () => {
    const limiter = createLimiter({}, new TestClock(0));
    assert.deepEqual([limiter.count('greedy'), limiter.count('other')], [0, 0]);
    limiter.charge('other', 250);
    limiter.charge('greedy', 6000);
    assert.deepEqual([limiter.count('greedy'), limiter.count('other')], [4000, 0]);
  });

  // @actor a caller with 160 requests at once, all admitted while it has something left | takes four fifths of a processor while others ask, since it owes little afterwards
  it('takes a quarter of a processor, however many answers of up to a minute together it asks for at once', () => {
    for (const milliseconds of [10, 100, 300]) {
      const clock = new TestClock(0);
      const shares = new ProcessorShares(clock);
      let taken = 0;
      for (let round = 0; round < 20; round++) {
        shares.charge('other', 250);
        const wait = shares.visit('greedy');
        clock.advance(wait);
        shares.charge('other', 250);
        // All of them came while it had something left; the processor does them one after the other.
        let admitted = 0;
        for (let asked = 0; asked < 160; asked++) admitted += shares.visit('greedy') === 0 ? 1 : 0;
        for (let answered = 0; answered < admitted; answered++) {
          clock.advance(milliseconds);
          shares.charge('greedy', milliseconds);
          shares.charge('other', 5);
        }
        taken += admitted * milliseconds;
      }
      // The last round is not paid for yet.
      shares.charge('other', 250);
      clock.advance(shares.visit('greedy'));
      const share = (taken - BURST) / clock.now();
      assert.ok(taken > BURST && share < 0.26, `${share} of a processor with ${milliseconds} ms`);
    }
  });

  // @class one caller that takes all of the processor | is never turned away, since each of many others takes little by itself
  it('is turned away for the sake of many who take a little each', () => {
    const shares = new ProcessorShares(new TestClock(0));
    for (let who = 0; who < 25; who++) shares.charge(`patient ${who}`, 10);
    shares.charge('greedy', 6000);
    assert.equal(shares.visit('greedy'), 4000);
  });

  // @actor whoever comes to a node that one hospital used alone | has that hospital turned away for minutes for what it took while nobody else was there
  it('owes nothing for what it took while it was alone', () => {
    const shares = new ProcessorShares(new TestClock(0));
    shares.charge('hospital', 60_000);
    shares.charge('other', 250);
    assert.equal(shares.visit('hospital'), 0);
  });

  // @actor anybody who asks for next to nothing now and then, a probe of health too | has a hospital behind one address held to a quarter of an idle processor
  it('is turned away for nobody who asks and takes next to nothing', () => {
    const clock = new TestClock(0);
    const limiter = createLimiter({}, clock);
    for (let second = 0; second < 120; second++) {
      clock.advance(1000);
      assert.equal(limiter.count('probe'), 0);
      limiter.charge('probe', 2);
      for (let request = 0; request < 20; request++) {
        assert.equal(limiter.count('hospital'), 0, `second ${second}`);
        limiter.charge('hospital', 30);
      }
    }
  });
});

/** Has an answer of a party take some time; false if it was turned away. */
async function answered(
  accounts: ReturnType<typeof createPartyAccounts>,
  party: string,
  milliseconds: number,
): Promise<boolean> {
  return await answerFor(`${party} ${milliseconds}`, async (work) => {
    const isWithin = succeeds(() => {
      accounts.note(party);
      return true;
    });
    if (isWithin) work.chargeParties(milliseconds);
    return await Promise.resolve(isWithin);
  });
}

describe('a party from many addresses', () => {
  // @actor a party that sends from many addresses | has as many shares of the processor as addresses
  it('is turned away beside others once its answers took too much, and others are answered', async () => {
    const clock = new TestClock(0);
    const accounts = createPartyAccounts(clock);
    assert.ok(await answered(accounts, 'other', 250));
    for (let address = 0; address < 4; address++) {
      assert.ok(await answered(accounts, 'greedy', 5001), `address ${address}`);
    }
    assert.ok(!(await answered(accounts, 'greedy', 1)));
    assert.ok(await answered(accounts, 'other', 1));
    clock.advance(1000);
    assert.ok(await answered(accounts, 'greedy', 1));
  });

  it('may have all of the processor while no other party asks', async () => {
    const accounts = createPartyAccounts(new TestClock(0));
    for (let time = 0; time < 100; time++) assert.ok(await answered(accounts, 'hospital', 1000));
  });

  it('is charged for the time of its answer beside its address, also if it left before', async () => {
    const charged: number[] = [];
    const agent = new Proxy({} as AgentPort, {
      get: () => async (): Promise<never> => {
        await setImmediate();
        noteParty('party', (milliseconds) => charged.push(milliseconds));
        takeProcessor(WORK);
        throw new MedsealError('QUOTA_SPENT', { what: 'anything' });
      },
    });
    const app = agentRoutes(agent);
    app.onError(answerProblem);
    const outgoing = { once: (_event: string, run: () => void) => run() };
    assert.equal((await app.request('/v1/network', {}, { outgoing })).status, 429);
    const sum = charged.reduce((one, two) => one + two, 0);
    assert.ok(sum >= WORK, `${sum} ms`);
  });

  // @actor other programs on the machine of a node | have its parties pay for time in which these programs had the processor
  it('is not charged for the time in which others had the processor', async () => {
    const spent = await answerFor('somebody', async (work) => {
      await setImmediate();
      // The thread stands still here, as it does while another process runs in its place.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 * WORK);
      await setImmediate();
      return work.spent();
    });
    assert.ok(spent < WORK, `${spent} ms`);
  });

  it('is charged together with the others whose requests came in one list', async () => {
    const charged = new Map<string, number>();
    await answerFor('somebody', async (work) => {
      for (const party of ['one', 'two', 'one']) {
        noteParty(party, (ms) => charged.set(party, (charged.get(party) ?? 0) + ms));
      }
      work.chargeParties(10);
      await Promise.resolve();
    });
    assert.deepEqual(
      [...charged],
      [
        ['one', 5],
        ['two', 5],
      ],
    );
  });
});
