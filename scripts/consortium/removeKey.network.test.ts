import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';
import {
  medseal,
  openConsortium,
  powersOf,
  requireDone,
  type Consortium,
} from './test/openConsortium.ts';

/**
 * A consortium of which one validator's key is in other hands: all others take its power at once, and it has it again when the ledger's
 * delay is over and nobody confirmed that.
 */

/** Seconds of the ledger's delay, after which the removal lapses. */
const DELAY = 150;
const NAMES = ['hospital', 'laboratory', 'insurer', 'pharmacy'] as const;
let consortium: Consortium;
let key: Bytes32;

describe(
  'a consortium of which one key is in other hands',
  { skip: engineMissing ?? false },
  () => {
    before(async () => {
      consortium = await openConsortium(DELAY);
      key = consortium.keyOf('pharmacy');
    });
    after(async () => {
      await consortium?.close();
    });

    it('leaves its power as it is while one of the others has not signed, whoever else has', async () => {
      const file = join(consortium.folder, 'remove.json');
      await requireDone(
        'network',
        'propose',
        file,
        ...consortium.at('hospital'),
        '--remove-key',
        'pharmacy',
        '--yes',
      );
      await requireDone('network', 'sign', file, ...consortium.at('laboratory'), '--yes');
      const proposed = await readFile(file, 'utf8');
      await requireDone('network', 'sign', file, ...consortium.at('pharmacy'), '--yes');
      const [refused, why] = await medseal(
        'network',
        'publish',
        file,
        ...consortium.at('hospital'),
      );
      assert.notEqual(refused, 0);
      assert.match(why, /1 more of the coordinators other than that of pharmacy must sign/);
      assert.equal(powersOf(await consortium.readyAt('hospital'))[key], 10);
      await writeFile(file, proposed);
    });

    it('takes its power in the next blocks once all others signed, every node says so, and the network goes on', async () => {
      const file = join(consortium.folder, 'remove.json');
      await requireDone('network', 'sign', file, ...consortium.at('insurer'), '--yes');
      await requireDone('network', 'publish', file, ...consortium.at('hospital'));
      await consortium.untilAt('hospital', (state) => powersOf(state)[key] === undefined);
      await consortium.untilAt('hospital', ({ notYet }) =>
        notYet.some((each) => each.startsWith('pharmacy signs blocks: all others took power')),
      );
      await consortium.prove('hospital');
      // Its node serves as before: no seat, log or share went with the power.
      await consortium.prove('pharmacy');
    });

    it('gives its power back by itself when the delay is over and no change took its stake', async () => {
      for (const name of NAMES) {
        await consortium.untilAt(name, (state) => powersOf(state)[key] === 10);
        await consortium.untilAt(
          name,
          ({ ready, notYet }) => ready && !notYet.some((each) => each.startsWith('pharmacy')),
        );
      }
      await consortium.prove('pharmacy');
    });
  },
);
