import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import type { NodeState } from '../../src/node/operate/NodeState.ts';
import { medseal } from './foundConsortium.ts';
import { ALL, openTrial, type Trial } from './test/openTrial.ts';
import { requireWhole } from './test/requireWhole.ts';
import { underLoad } from './test/underLoad.ts';

/** A change of the chain's parameters at four organisations while patients write. */

const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const [GAS, WINDOW] = [40_000_000, 2000];
let folder: string;
let trial: Trial;

/** The state of an organisation's validator. */
async function validatorAt(place: number): Promise<NodeState['validator']> {
  const answer = await fetch(`${trial.at(place).urls.operate}/readyz`);
  return ((await answer.json()) as Partial<Pick<NodeState, 'validator'>>).validator;
}

/** Resolves once each validator tells so of the change. */
async function until(stands: string): Promise<void> {
  const late = AbortSignal.timeout(240_000);
  for (const place of ALL) {
    for (;;) {
      const validator = await validatorAt(place).catch(() => undefined);
      const { upgrade, height = 0 } = validator ?? {};
      if (upgrade?.stands === stands && (stands === 'pending' || height > upgrade.height)) break;
      assert.equal(late.aborted, false, `${stands} at ${place}: ${JSON.stringify(validator)}`);
      await pause(300);
    }
  }
}

/** Names the folder of an organisation's node in a command. */
function where(place: number): readonly string[] {
  return ['--data', trial.at(place).data];
}

/** The most gas of the newest block, as each organisation's ledger says. */
async function gasLimits(): Promise<readonly number[]> {
  return await Promise.all(
    ALL.map(async (place) => {
      const answer = await fetch(trial.at(place).urls.ledger, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["latest",false]}',
      });
      const { result } = (await answer.json()) as {
        readonly result: { readonly gasLimit: string };
      };
      return Number(result.gasLimit);
    }),
  );
}

describe(
  'a change of the chain’s parameters at four organisations',
  { skip: engineMissing ?? false },
  () => {
    before(async () => {
      folder = await temporaryFolder(suite);
      trial = await openTrial({ folder });
      ends.push(async () => await trial.close());
    });
    after(async () => {
      for (const end of ends.toReversed()) await end();
    });

    it('is not proposed beyond the bounds of blocks, or without a block', async () => {
      const propose = ['network', 'propose', `${folder}/refused.json`, '--data', trial.at(0).data];
      for (const wish of [
        ['--block-gas', '60000001', '--height', '+40'],
        ['--block-gas', '33554431', '--height', '+40'],
        ['--absence-window', '999', '--height', '+40'],
        ['--absence-window', '2000'],
      ]) {
        await assert.rejects(medseal(...propose, ...wish, '--yes'), /ARGUMENT_INVALID/);
      }
    });

    it('is made by each validator at its block, with the programs that run, while all write', async () => {
      const all = await gasLimits();
      assert.deepEqual(
        all,
        ALL.map(() => 60_000_000),
      );
      const processes = ALL.map((place) => trial.at(place).validator);
      const writers = await underLoad(trial, async (writing) => {
        const file = `${folder}/parameters.json`;
        const wish = ['--block-gas', `${GAS}`, '--absence-window', `${WINDOW}`, '--height', '+100'];
        await medseal('network', 'propose', file, ...where(0), ...wish, '--yes');
        for (const place of [1, 2])
          await medseal('network', 'sign', file, ...where(place), '--yes');
        await medseal('network', 'publish', file, ...where(0));
        await until('in force');
        await Promise.all(writing.map(async (each) => await each.more(2)));
      });
      for (const { refused } of writers) assert.deepEqual(refused, []);
      assert.deepEqual(
        await gasLimits(),
        ALL.map(() => GAS),
      );
      // Nobody's engine ended for it.
      for (const place of ALL) process.kill(processes[place] ?? assert.fail(), 0);
      await requireWhole(trial, writers);
    });

    it('stays when all were killed', async () => {
      for (const place of ALL) process.kill(trial.at(place).node, 'SIGKILL');
      for (const place of ALL) await trial.ended(place);
      await Promise.all(ALL.map(async (place) => await trial.start(place)));
      await until('in force');
      assert.deepEqual(
        await gasLimits(),
        ALL.map(() => GAS),
      );
    });
  },
);
