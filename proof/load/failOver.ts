import { setTimeout as pause } from 'node:timers/promises';
import { runMedseal } from '../../src/cli/test/runMedseal.ts';
import { StandbyMachines } from '../../src/cli/test/StandbyMachines.ts';
import { Promised } from '../../src/node/test/Promised.ts';
import { readOptions } from '../../src/node/test/readOptions.ts';
import { Dice } from '../simulation/Dice.ts';
import { loadOn } from './beginLoad.ts';
import type { MixedLoad } from './MixedLoad.ts';
import { ServerPair } from './ServerPair.ts';
import { MACHINES, SupervisedMachines, type Machine } from './SupervisedMachines.ts';

/**
 * Kills two PostgreSQL servers and two machines of an organisation under load, at moments that nobody chose, until each of the four was
 * killed as often as is asked for: `node failOver.ts --kills N [--seed TEXT] [--seconds N]`. It plays the operator of the servers,
 * who promotes one and makes the other its standby, and a supervisor that starts each node again. Between kills all that was
 * promised is asked for again. It ends with 1 where something was lost, doubled or altered, a former writer answered, or the
 * other machine took too long.
 */

const { values } = readOptions({
  usage: 'npm run proof failover -- [--kills N] [--seed TEXT] [--seconds N] [--takeover N]',
  about: `Kills two PostgreSQL servers and two machines of an organisation under load, N times each, and asks for all that was
promised. It ends with 1 where something was lost, or a killed writer was not replaced in so many seconds.`,
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: `of ${Date.now()}` },
    seconds: { type: 'string', default: 'Infinity' },
    takeover: { type: 'string', default: '5' },
  },
});
/** Number of things that are done at once. */
const LANES = 4;
/** Milliseconds between two of them while the organisation is away. */
const AGAIN = 50;
/** Something is killed after so many milliseconds of load, at most. */
const LONGEST = 1500;
/** Longest time, in milliseconds, until another machine serves after the writer was killed. */
const TAKEOVER = 1000 * Number(values.takeover);
/** Seconds that a writer may stand still. */
const LEASE = 3;
/** Requests to a writer that stands still. */
const PROBES = 8;
const UNLIMITED = { requestsPerSecond: 1_000_000, burst: 1_000_000 };

/** Something that happens to the four. */
type Deed = readonly [what: string, happen: () => Promise<void>];
/** Steps of a takeover: a machine has the lease, serves, and what is acknowledged first at it and at the other organisation. */
const STEPS = ['lease', 'serves', 'acknowledges', 'the hospital acknowledges'] as const;

const dice = new Dice(values.seed);
const promised = new Promised();
/** Number of times that each of the four was killed. */
const killed = new Map<string, number>();
/** Milliseconds that steps of takeovers took, by what happened. */
const taken = new Map<string, Readonly<Record<(typeof STEPS)[number], number>>[]>();
/** Called at the next acknowledgement in each log. */
const awaiting = new Map<string, (at: number) => void>();
const ends: (() => unknown)[] = [];
try {
  await campaign();
} finally {
  for (const end of ends.toReversed()) await end();
}

async function campaign(): Promise<void> {
  const servers = await ServerPair.start();
  ends.push(async () => await servers.stop());
  const end = { after: (run: () => unknown) => void ends.push(run) };
  const founded = await StandbyMachines.found(end, {
    machines: MACHINES,
    database: servers,
    lease: LEASE,
    settings: { limits: UNLIMITED },
  });
  const machines = new SupervisedMachines(founded);
  await machines.settled();
  noteAcknowledgements();
  const { agents } = founded.hospital.ready.urls;
  const load = await loadOn(
    {
      data: `${founded.root}/hospital`,
      authority: [`${founded.root}/hospital`, `${founded.root}/a`],
    },
    {
      dice,
      promised,
      organisations: ['hospital', 'laboratory'],
      url: (name) => (name === 'hospital' ? `${agents}/hospital` : founded.agents),
    },
  );
  const until = performance.now() + 1000 * Number(values.seconds);
  const names = [...MACHINES, servers.primary, servers.follower];
  const least = (): number => Math.min(...names.map((name) => killed.get(name) ?? 0));
  const deck: Deed[] = [];
  // All that may happen does, whatever the number.
  while ((deck.length > 0 || least() < Number(values.kills)) && performance.now() < until) {
    if (deck.length === 0) deck.push(...deedsOf(machines, servers));
    const drawn = dice.pick(deck);
    deck.splice(deck.indexOf(drawn), 1);
    await underLoad(load, async () => {
      const [what, deed] = drawn;
      tell(`${what}: ${machines.writer} writes, and the ${servers.primary}`);
      await deed();
    });
    await promised.hold(load.agents);
    promised.violations.push(...machines.violations.splice(0));
    if (promised.violations.length > 0) break;
  }
  await load.finish();
  await machines.stop();
  const stopped = await founded.hospital.stop();
  if (stopped.code !== 0) promised.violations.push(`the hospital ended with ${stopped.code}`);
  for (const folder of ['hospital', machines.writer]) {
    const { code, stdout } = await runMedseal('fsck', '--data', `${founded.root}/${folder}`);
    if (code !== 0) promised.violations.push(`${folder}: ${stdout}`);
  }
  promised.violations.push(...machines.violations);
  tellAll(load, machines, names);
}

/** Does something while people use the network; resolves once all of their requests ended. */
async function underLoad(load: MixedLoad, deed: () => Promise<void>): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  const lanes = Array.from({ length: LANES }, async () => {
    while (!signal.aborted) {
      await load.run(signal);
      await pause(AGAIN);
    }
  });
  await pause(dice.fraction() * LONGEST);
  await deed();
  await pause(dice.fraction() * LONGEST);
  ended.abort();
  await Promise.all(lanes);
}

/** All that may happen, what matters most several times. */
function deedsOf(machines: SupervisedMachines, servers: ServerPair): readonly Deed[] {
  const killWriter = async (): Promise<void> => {
    const { writer } = machines;
    await timed('the writer is killed', machines, async () => {
      await machines.kill(writer);
      count(writer);
    });
  };
  const failOver = async (waits: boolean): Promise<void> => {
    const how = waits ? 'waits for a standby' : 'goes on alone';
    await timed(`the server is killed, and the other one ${how}`, machines, async (began) => {
      count(servers.primary);
      machines.forget(machines.writer);
      await servers.failOver(waits, dice, began);
    });
  };
  const killBoth = async (): Promise<void> => {
    const { writer } = machines;
    await timed('the writer and the server are killed', machines, async (began) => {
      count(servers.primary);
      count(writer);
      await Promise.all([machines.kill(writer), servers.failOver(false, dice, began)]);
    });
  };
  const killWaiting = async (): Promise<void> => {
    const { other } = machines;
    count(other);
    await machines.kill(other);
    await machines.settled();
  };
  const killFollower = async (): Promise<void> => {
    count(servers.follower);
    await servers.killFollower();
  };
  const freeze = async (): Promise<void> => await standStill(machines);
  return [
    ['the writer is killed', killWriter],
    ['the writer is killed', killWriter],
    ['the writer is killed', killWriter],
    ['the server is killed', async () => await failOver(false)],
    ['the server is killed', async () => await failOver(true)],
    ['the writer and the server are killed', killBoth],
    ['the machine that waits is killed', killWaiting],
    ['the server that follows is killed', killFollower],
    ['the writer stands still', freeze],
  ];
}

/**
 * Has something happen to the writer, and measures how long it takes until a machine has the lease, serves, and acknowledges.
 *
 * @param happen - Makes it happen; the time begins when it says so, or once it is done.
 */
async function timed(
  what: string,
  machines: SupervisedMachines,
  happen: (began: () => void) => Promise<void>,
): Promise<void> {
  let began: number | undefined;
  const begin = (): void => void (began ??= performance.now());
  const happening = happen(begin).then(begin);
  const times = await takenOver(machines);
  await happening;
  const lasting = note(what, began ?? times[0], times);
  if (what === 'the writer is killed' && lasting.serves > TAKEOVER) {
    promised.violations.push(`a takeover took ${Math.round(lasting.serves)} ms`);
  }
  await machines.settled();
}

/** Has the writer stand still until another machine took over, and wake: it answers nobody, and ends. */
async function standStill(machines: SupervisedMachines): Promise<void> {
  const { writer } = machines;
  const began = performance.now();
  machines.signal(writer, 'SIGSTOP');
  note('the writer stands still', began, await takenOver(machines, writer));
  const ended = machines.ended(writer);
  const url = machines.urlOf(writer);
  const asked = Array.from({ length: PROBES }, async () => {
    const answer = await fetch(`${url}/network`).catch(() => undefined);
    return answer?.status ?? 503;
  });
  machines.signal(writer, 'SIGCONT');
  for (const status of await Promise.all(asked)) {
    if (status !== 503) promised.violations.push(`a former writer answered with ${status}`);
  }
  const { stderr } = await ended;
  if (!stderr.includes('"code":"LEASE_LOST"')) {
    promised.violations.push(`a former writer ended otherwise: ${stderr.slice(-2000)}`);
  }
  await machines.settled();
}

/** Resolves with the moments of the steps of a takeover. */
async function takenOver(
  machines: SupervisedMachines,
  but?: Machine,
): Promise<readonly [number, number, number, number]> {
  const { led, served } = await machines.takenOver(but);
  const logs = ['care/laboratory', 'care/hospital'] as const;
  const [own, other] = await Promise.all(
    logs.map(async (log) => {
      const { promise, resolve } = Promise.withResolvers<number>();
      awaiting.set(log, resolve);
      return await promise;
    }),
  );
  return [led, served, own ?? 0, other ?? 0];
}

function noteAcknowledgements(): void {
  const told = promised.told.bind(promised);
  promised.told = (submissions, outcomes) => {
    told(submissions, outcomes);
    for (const each of outcomes) {
      if (each.outcome === 'acknowledged')
        awaiting.get(each.acknowledgement.log)?.(performance.now());
    }
  };
}

function count(what: string): void {
  killed.set(what, (killed.get(what) ?? 0) + 1);
}

/** Notes how long the steps of a takeover took. */
function note(
  what: string,
  began: number,
  [lease, serves, acknowledges, other]: readonly [number, number, number, number],
): Readonly<Record<(typeof STEPS)[number], number>> {
  const lasting = {
    lease: lease - began,
    serves: serves - began,
    acknowledges: acknowledges - began,
    'the hospital acknowledges': other - began,
  };
  taken.set(what, [...(taken.get(what) ?? []), lasting]);
  return lasting;
}

function tellAll(load: MixedLoad, machines: SupervisedMachines, names: readonly string[]): void {
  const rows = (counts: ReadonlyMap<string, number>, what: string): void => {
    for (const [name, often] of counts) tell(`  ${what} ${name}: ${often}`);
  };
  rows(load.tally, 'done:');
  rows(machines.endings, 'a node ended by itself with');
  for (const [what, times] of taken) {
    const columns = STEPS.map((step) => {
      const sorted = times.map((each) => each[step]).toSorted((one, other) => one - other);
      const [middle = 0, most = 0] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)];
      return `${step} ${Math.round(middle)} / ${Math.round(most)}`;
    });
    tell(`${what}, ${times.length} times, p50 / most in ms: ${columns.join(', ')}`);
  }
  for (const violation of promised.violations) tell(`VIOLATION ${violation}`);
  const kills = names.map((name) => `${name} ${killed.get(name) ?? 0}`).join(', ');
  tell(
    `killed: ${kills}; seed ${values.seed}: ${promised.entries.size} entries promised, ${promised.violations.length} violations`,
  );
  if (promised.violations.length > 0) process.exitCode = 1;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
