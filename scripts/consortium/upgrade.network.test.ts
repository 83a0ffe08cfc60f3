import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import type { NodeState } from '../../src/node/operate/NodeState.ts';
import { hashFile } from '../../src/node/validator/hashFile.ts';
import { PLATFORM_HERE } from '../../src/node/validator/platforms.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';
import { findEngine } from '../findEngine.ts';
import { medseal } from './foundConsortium.ts';
import type { Writer } from './test/beginWriting.ts';
import { ALL, openTrial, type Trial } from './test/openTrial.ts';
import { otherEngine, type OtherEngine } from './test/otherEngine.ts';
import { requireWhole } from './test/requireWhole.ts';
import { underLoad } from './test/underLoad.ts';

/**
 * Upgrades of the engine at four organisations while patients write: one of them lacks the program, one is killed at the
 * block, and an upgrade that too few hold lapses.
 */

const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
/** Blocks from the newest one to that of an upgrade: enough for the commands of three operators while nobody writes. */
const AHEAD = 60;
/** The organisation that is killed at the block of the upgrade, and the one that lacks its program. */
const [KILLED, LACKS] = [1, 3];
let folder: string;
let trial: Trial;
let next: OtherEngine;

/** Parts of what `/readyz` answers. */
interface Shown extends Pick<Partial<NodeState>, 'ready' | 'validator'> {
  readonly waitingFor?: readonly string[];
}

/** The state that an organisation's operator sees; undefined while it answers nothing. */
async function stateAt(place: number): Promise<Shown | undefined> {
  const { operate } = trial.at(place).urls;
  try {
    const answer = await fetch(`${operate}/readyz`);
    return (await answer.json()) as Shown;
  } catch {
    return undefined;
  }
}

/** Resolves once the state of an organisation is so. */
async function until(place: number, what: string, holds: (state: Shown) => boolean): Promise<void> {
  const late = AbortSignal.timeout(240_000);
  for (;;) {
    const state = await stateAt(place);
    if (state !== undefined && holds(state)) return;
    assert.equal(late.aborted, false, `${what} at ${place}: ${JSON.stringify(state)}`);
    await pause(300);
  }
}

/** Gives a program to organisations, as their operators do. */
async function give(engine: OtherEngine, places: readonly number[]): Promise<void> {
  for (const place of places) {
    await trial.medseal('engine', 'add', engine.path, '--data', trial.at(place).data);
  }
}

/** Names the folder of an organisation's node in a command. */
function where(place: number): readonly string[] {
  return ['--data', trial.at(place).data];
}

/** Has three organisations sign an upgrade, and one publish it. */
async function agree(file: string, engine: OtherEngine): Promise<number> {
  const wish = ['--engine', engine.path, '--height', `+${AHEAD}`];
  await medseal('network', 'propose', file, ...where(0), ...wish, '--yes');
  for (const place of [1, 2]) await medseal('network', 'sign', file, ...where(place), '--yes');
  await medseal('network', 'publish', file, ...where(0));
  const { validator } = (await stateAt(0)) ?? {};
  return validator?.upgrade?.height ?? assert.fail('no upgrade is known');
}

async function program(place: number): Promise<Bytes32 | undefined> {
  const { organisation } = trial.at(place);
  return (await stateAt(place))?.validator?.programs?.[organisation]?.sha256;
}

/** Resolves once an organisation takes requests, and its validator runs a program and is abreast. */
async function untilRuns(place: number, sha256: Bytes32): Promise<void> {
  const { organisation } = trial.at(place);
  await until(place, 'the program', ({ ready, validator }) => {
    const own = validator?.programs?.[organisation]?.sha256;
    return ready === true && validator?.behind === false && own === sha256;
  });
}

async function all(writing: readonly Writer[], count: number): Promise<void> {
  await Promise.all(writing.map(async (each) => await each.more(count)));
}

describe('an upgrade of the engine at four organisations', { skip: engineMissing ?? false }, () => {
  before(async () => {
    folder = await temporaryFolder(suite);
    trial = await openTrial({ folder });
    ends.push(async () => await trial.close());
    next = await otherEngine(folder, 'next');
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it('shows the programs of all validators at each of them', async () => {
    const present = await hashFile(findEngine().path);
    for (const place of ALL) {
      await until(place, 'four programs', ({ validator }) => {
        const programs = Object.values(validator?.programs ?? {});
        return programs.length === ALL.length && programs.every(({ sha256 }) => sha256 === present);
      });
      const metrics = await (await fetch(`${trial.at(place).urls.operate}/metrics`)).text();
      const lines = metrics.match(/^medseal_validator_program_info\{.*\} 1$/gm) ?? [];
      assert.equal(lines.filter((line) => line.includes(String(present))).length, ALL.length);
    }
  });

  it('is not signed if its block is too near, or none of its programs runs here', async () => {
    const { data } = trial.at(0);
    const present = findEngine().path;
    for (const wish of [
      ['--engine', next.path, '--height', '+5'],
      ['--engine', next.path, '--height', '2'],
      ['--engine', `plan9/mips=${next.sha256}`, '--height', `+${AHEAD}`],
      ['--engine', present, '--height', `+${AHEAD}`],
    ]) {
      const args = [
        'network',
        'propose',
        `${folder}/refused.json`,
        '--data',
        data,
        ...wish,
        '--yes',
      ];
      await assert.rejects(medseal(...args), /SUCCESSOR_INVALID/);
    }
  });

  it('takes effect at its block: those who have its program go on, one is killed there, one stands still until it is given it', async () => {
    await give(next, [0, 1, 2]);
    const height = await agree(`${folder}/upgrade.json`, next);
    await until(0, 'three statements', ({ validator }) => validator?.upgrade?.stated?.length === 3);
    const here = [0, 1, 2];
    const writers = await underLoad(trial, async (writing) => {
      await until(KILLED, 'the block', ({ validator }) => (validator?.height ?? 0) >= height - 3);
      const { node, validator } = trial.at(KILLED);
      const killing = [node, validator].map((pid) => () => process.kill(pid, 'SIGKILL'));
      await pause(400);
      for (const kill of killing) {
        try {
          kill();
        } catch {
          // The first program has ended by itself.
        }
      }
      await trial.ended(KILLED);
      await trial.start(KILLED);
      for (const place of here) await untilRuns(place, next.sha256);
      await all(
        writing.filter(({ place }) => here.includes(place)),
        2,
      );
      const lacks = `the engine’s program ${next.sha256} for ${PLATFORM_HERE}`;
      await until(LACKS, 'what it lacks', ({ ready, waitingFor = [] }) => {
        return ready === false && waitingFor.some((each) => each.startsWith(lacks));
      });
      assert.match(await trial.log(LACKS), /"validator lacks its program"/);
      await give(next, [LACKS]);
      await untilRuns(LACKS, next.sha256);
      await all(writing, 2);
    });
    for (const place of ALL) {
      const { validator } = (await stateAt(place)) ?? {};
      assert.deepEqual(
        [validator?.upgrade?.stands, validator?.upgrade?.height],
        ['in force', height],
      );
    }
    await requireWhole(trial, writers);
  });

  it('holds when all were killed, though the settings name the program of before', async () => {
    for (const place of ALL) process.kill(trial.at(place).node, 'SIGKILL');
    for (const place of ALL) await trial.ended(place);
    await Promise.all(ALL.map(async (place) => await trial.start(place)));
    for (const place of ALL) await untilRuns(place, next.sha256);
  });

  it('lapses in place of the one that it replaces if too few hold its program, and all go on with the present one', async () => {
    const third = await otherEngine(folder, 'third');
    await give(third, [0, 1]);
    // The one before it is signed in error, and replaced before its block.
    const error = await agree(`${folder}/error.json`, third);
    const height = await agree(`${folder}/lapses.json`, third);
    assert.ok(height > error);
    const writers = await underLoad(trial, async (writing) => {
      for (const place of ALL) {
        await until(place, 'the end', ({ validator }) => {
          return validator?.upgrade?.stands === 'lapsed' && (validator.height ?? 0) > height;
        });
      }
      await all(writing, 2);
    });
    for (const { refused } of writers) assert.deepEqual(refused, []);
    for (const place of ALL) assert.equal(await program(place), next.sha256);
    await requireWhole(trial, writers);
  });
});
