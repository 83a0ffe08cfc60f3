import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { systemClock } from '../../folder/systemClock.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { LogFields } from '../operate/Logger.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { EnginePrograms } from './EnginePrograms.ts';
import { PLATFORM_HERE } from './platforms.ts';
import { validatorKeysOf, type ValidatorKeys } from './validatorKeys.ts';
import { superviseValidator, type ValidatorProcess } from './superviseValidator.ts';

/** An event of the node's log. */
interface Said extends LogFields {
  readonly level: string;
  readonly event: string;
}

const none = (): void => undefined;
const folderKeys = validatorKeysOf(
  { validator: new Uint8Array(32).fill(0x5a), node: new Uint8Array(32).fill(0xa5) },
  portablePrimitives,
);
const { key } = folderKeys;
const signs = { chain: 'medseal-chain', primitives: portablePrimitives };
const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** The programs of a new folder, in which nothing is pinned. */
async function programsOf(setting: string): Promise<EnginePrograms> {
  const folder = await scratchFolder();
  folders.push(folder);
  return new EnginePrograms(await openFolder(folder), setting);
}

const hashOf = (text: string): string => `0x${createHash('sha256').update(text).digest('hex')}`;

/**
 * Plays the engine; with another program, the first one ends at once because the ledger is at the block of that. The script `again` is
 * a wrapper that starts the first one.
 */
async function supervised(
  script: string,
  clock: Clock = systemClock,
  next?: { readonly script: string; readonly isHere: boolean; readonly failures?: number },
  keys: ValidatorKeys = folderKeys,
): Promise<{
  validator: ValidatorProcess;
  give: () => Promise<void>;
  hear: (event: string, count?: number) => Promise<Said>;
  said: readonly Said[];
}> {
  const home = await scratchFolder();
  const program = join(home, 'engine.mjs');
  folders.push(home);
  await writeFile(program, `#!${process.execPath}\n${script}\n`);
  await chmod(program, 0o700);
  const said: Said[] = [];
  const heard = new Set<() => void>();
  const level =
    (name: string) =>
    (event: string, fields: LogFields = {}): void => {
      said.push({ ...fields, level: name, event });
      for (const tell of heard) tell();
    };
  const log = {
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
  };
  const programs = await programsOf(program);
  const old = join(home, 'old.mjs');
  const again = `await import(${JSON.stringify(old)});`;
  const later = `#!${process.execPath}\n${next?.script === 'again' ? again : next?.script}\n`;
  const give = async (): Promise<void> => {
    const folder = join(folders.at(-1) ?? '', 'validator/programs');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, hashOf(later)), later, { mode: 0o700 });
  };
  if (next !== undefined) {
    const upgrade = { height: 70, programs: { [PLATFORM_HERE]: hashOf(later) } };
    const yields = `console.log('${JSON.stringify({ upgrade })}'); process.exitCode = 3;`;
    await writeFile(program, `#!${process.execPath}\n${yields}\n`);
    await writeFile(old, yields);
    if (next.isHere) await give();
  }
  const switchTo = programs.switchTo.bind(programs);
  let failures = next?.failures ?? 0;
  programs.switchTo = async (upgrade) => {
    failures -= 1;
    if (failures >= 0) throw new Error('no space left on device');
    await switchTo(upgrade);
  };
  const validator = superviseValidator({ programs, home, keys, ...signs, clock, log });
  const hear = async (event: string, count = 1): Promise<Said> =>
    await new Promise((resolve) => {
      const look = (): void => {
        const found = said.filter((each) => each.event === event)[count - 1];
        if (found !== undefined) resolve(found);
      };
      heard.add(look);
      look();
    });
  return { validator, hear, give, said };
}

const RUNS = `process.stdin.resume(); process.stdin.on('end', () => process.exit(7));
process.on('SIGTERM', () => process.exit(0)); console.log('{"ready":true}');`;

describe('a validator under supervision', () => {
  it('is started, says when it is ready, and stops in order', async () => {
    const { validator, hear } = await supervised(RUNS);
    const { pid } = await hear('validator ready');
    assert.equal(validator.pid, pid);
    await validator.stop();
    await validator.stop();
    const stopped = await hear('validator stopped');
    assert.deepEqual([stopped.code, stopped.level], [0, 'info']);
    assert.equal(validator.pid, undefined);
  });

  it('hears how its remote signer is, tells changes, and forgets it when the engine ends', async () => {
    const script = `process.stdin.once('data', (keys) => {
  const states = ['absent', 'connected', 'other'];
  for (const signer of states) console.log(JSON.stringify({ signer }));
  if (String(keys).includes('validator')) console.log('{"ready":true}');
});
process.on('SIGTERM', () => process.exit(0));`;
    const address = 'unix:///run/signer.sock';
    const signer = { address, key };
    const { seeds, node } = folderKeys;
    const remote: ValidatorKeys = { key, node, seeds: { node: seeds.node }, signer };
    const { validator, hear, said } = await supervised(script, systemClock, undefined, remote);
    assert.deepEqual(validator.signer, { ...signer, state: undefined });
    const { level } = await hear('remote signer has another key');
    assert.equal(level, 'error');
    assert.equal((await hear('remote signer absent')).address, address);
    assert.equal((await hear('remote signer connected')).level, 'info');
    assert.equal(validator.signer?.state, 'other');
    const upgrade = { height: 70, programs: { [PLATFORM_HERE]: key } };
    // A remote signer signs votes and proposals alone.
    for (const block of [50, 51]) assert.equal(validator.state(upgrade, block), undefined);
    await hear('engine upgrade not stated');
    await validator.stop();
    assert.equal(validator.signer.state, undefined);
    const events = said.map(({ event }) => event);
    assert.equal(events.filter((each) => each === 'engine upgrade not stated').length, 1);
    assert.ok(!events.includes('validator ready'));
  });

  // @actor another user of the machine | reads the keys from the arguments or the environment of the validator's process
  it('gets its keys on its standard input alone, at each start', async () => {
    const script = `let said = ''; const seen = process.argv.join() + JSON.stringify(process.env);
process.stdin.on('data', (part) => { said += part; if (!said.endsWith('\\n')) return;
  console.error(JSON.stringify({ level: 'warn', message: said.trim() + seen.includes('5a5a5a5a') })); process.exit(3); });`;
    const clock: Clock = {
      ...systemClock,
      after: (milliseconds, run) =>
        milliseconds === 10_000 ? () => undefined : systemClock.after(0, run),
    };
    const { validator, hear } = await supervised(script, clock);
    const line = JSON.stringify({
      validator: `0x${'5a'.repeat(32)}`,
      node: `0x${'a5'.repeat(32)}`,
    });
    for (const count of [1, 2]) assert.equal((await hear('validator', count)).says, `${line}false`);
    await validator.stop();
  });

  it('is started again when it ends by itself, each time after a longer pause', async () => {
    const pauses: number[] = [];
    const clock: Clock = {
      ...systemClock,
      now: () => 0,
      after(milliseconds, run) {
        if (milliseconds !== 10_000) pauses.push(milliseconds);
        return systemClock.after(0, pauses.length > 8 ? () => undefined : run);
      },
    };
    const { validator, hear } = await supervised('process.exit(3);', clock);
    const ended = await hear('validator ended', 9);
    assert.equal(ended.code, 3);
    await validator.stop();
    assert.deepEqual(
      pauses,
      [1, 2, 4, 8, 16, 32, 60, 60, 60].map((each) => 1000 * each),
    );
  });

  it('tells of its state, and warns of one that is absent', async () => {
    const one = { organisation: 'hospital', key, power: 0, missed: 5000 };
    const present = {
      height: 7,
      behind: false,
      peers: 3,
      window: 10_000,
      mostMissed: 9500,
      validators: [{ ...one, aside: false, out: false }],
    };
    const lines = [{ present: { height: 7 } }, 'present', { present }].map((each) =>
      JSON.stringify(each),
    );
    const script = `for (const line of ${JSON.stringify(lines)}) console.log(line);\n${RUNS}`;
    const { validator, hear } = await supervised(script);
    const { level, organisation, missed } = await hear('validator absent');
    assert.deepEqual([level, organisation, missed], ['warn', 'hospital', 5000]);
    assert.deepEqual(validator.presence, present);
    await validator.stop();
    assert.equal(validator.presence, undefined);
  });

  it('has its log in the node’s log, without characters that a terminal would obey', async () => {
    const script = `console.error('{"level":"warn","message":"slow \\\\u001b[2J peer"}');
console.error('{"level":"info","message":"height 7"}'); console.error('panic: no room');
${RUNS}`;
    const { validator, hear } = await supervised(script);
    const first = await hear('validator');
    assert.deepEqual([first.level, first.says], ['warn', 'slow  [2J peer']);
    assert.equal((await hear('validator', 2)).level, 'debug');
    assert.deepEqual(await hear('validator', 3), {
      level: 'error',
      event: 'validator',
      says: 'panic: no room',
    });
    await validator.stop();
  });

  for (const key of ['err', 'error']) {
    it(`has the reason of a failure in the node’s log, which its libraries call ${key}`, async () => {
      const line = JSON.stringify({ level: 'error', message: 'failure', [key]: 'a wrong clock' });
      const { validator, hear } = await supervised(`console.error('${line}'); ${RUNS}`);
      const { says } = await hear('validator');
      await validator.stop();
      assert.equal(says, 'failure: a wrong clock');
    });
  }

  it('goes on with the next program at once when the ledger is at its block', async () => {
    const next = { script: RUNS, isHere: true };
    const { validator, hear } = await supervised('', systemClock, next);
    assert.equal((await hear('validator goes on with another program')).height, 70);
    const { pid } = await hear('validator ready');
    assert.equal(validator.pid, pid);
    assert.equal(validator.programs.lacking, undefined);
    await validator.stop();
  });

  // @attack the disk is full at the block of an upgrade | the switch is tried again with each start
  it('goes on with it once the folder can be written again', async () => {
    const next = { script: RUNS, isHere: true, failures: 2 };
    const clock: Clock = { ...systemClock, after: (_, run) => systemClock.after(5, run) };
    const { validator, hear } = await supervised('', clock, next);
    assert.equal((await hear('validator failed', 2)).level, 'error');
    await hear('validator ready');
    await validator.stop();
  });

  it('stands still for want of that program, says so once, and goes on once it is given', async () => {
    const next = { script: RUNS, isHere: false };
    const clock: Clock = { ...systemClock, after: (_, run) => systemClock.after(5, run) };
    const { validator, hear, give } = await supervised('', clock, next);
    const { level, height, platform } = await hear('validator lacks its program');
    assert.deepEqual([level, height, platform], ['error', 70, PLATFORM_HERE]);
    assert.equal(validator.pid, undefined);
    assert.equal(validator.programs.lacking?.height, 70);
    await give();
    await hear('validator ready');
    const again = hear('validator lacks its program', 2).then(() => 'again');
    assert.equal(await Promise.race([again, Promise.resolve('once')]), 'once');
    await validator.stop();
  });

  it('pauses longer each time, and says why, if the program of the ledger sends it to the same one again', async () => {
    const pauses: number[] = [];
    const clock: Clock = {
      ...systemClock,
      now: () => 0,
      after(milliseconds, run) {
        if (milliseconds !== 10_000) pauses.push(milliseconds);
        return systemClock.after(0, pauses.length > 4 ? () => undefined : run);
      },
    };
    const { validator, hear } = await supervised('', clock, { script: 'again', isHere: true });
    const said = await hear('validator goes on with no other program', 4);
    assert.deepEqual([said.level, said.height], ['error', 70]);
    assert.equal(typeof said['reason'], 'string');
    await validator.stop();
    assert.deepEqual(pauses, [0, 1000, 2000, 4000, 8000]);
  });

  it('goes on with the program that it has if that named another, but did not end for it', async () => {
    const upgrade = { height: 70, programs: { [PLATFORM_HERE]: hashOf('next') } };
    const pauses: number[] = [];
    const clock: Clock = {
      ...systemClock,
      after(milliseconds, run) {
        if (milliseconds !== 10_000) pauses.push(milliseconds);
        return systemClock.after(0, pauses.length > 1 ? () => undefined : run);
      },
    };
    const script = `console.log('${JSON.stringify({ upgrade })}'); process.exitCode = 7;`;
    const { validator, hear } = await supervised(script, clock);
    assert.equal((await hear('validator ended', 2)).code, 7);
    await validator.stop();
    assert.deepEqual(pauses, [1000, 2000]);
    assert.equal(validator.programs.lacking, undefined);
  });

  it('starts no other program than the one of the ledger, though that ends again and again', async () => {
    const next = { script: 'process.exit(7);', isHere: true };
    const clock: Clock = { ...systemClock, after: (_, run) => systemClock.after(0, run) };
    const { validator, hear } = await supervised('', clock, next);
    assert.equal((await hear('validator ended', 2)).code, 7);
    await validator.stop();
  });

  it('tells of the programs of the others', async () => {
    const program = { version: '0.2.0', sha256: hashOf('engine'), platform: 'linux/amd64' };
    const others = [{ node: 'ab'.repeat(20), ...program }];
    const programs = { program, others, silent: [], upgrades: { statements: [] } };
    const present = {
      height: 7,
      behind: false,
      peers: 3,
      window: 1,
      mostMissed: 1,
      validators: [],
    };
    const lines = [{ programs: { program } }, { programs }, { present }].map((each) =>
      JSON.stringify(each),
    );
    const script = `for (const line of ${JSON.stringify(lines)}) console.log(line);\n${RUNS}`;
    const { validator, hear } = await supervised(script);
    await hear('validator ready');
    assert.deepEqual(validator.told, programs);
    await validator.stop();
    assert.equal(validator.told, undefined);
  });

  it('is told of if its program is not there', async () => {
    const clock: Clock = { ...systemClock, after: () => () => undefined };
    const failed = Promise.withResolvers<string>();
    const log = { debug: none, info: none, warn: none, error: failed.resolve };
    const programs = await programsOf('/nowhere/engine');
    const validator = superviseValidator({
      programs,
      home: '/',
      keys: folderKeys,
      ...signs,
      clock,
      log,
    });
    assert.equal(await failed.promise, 'validator failed');
    await validator.stop();
  });
});
