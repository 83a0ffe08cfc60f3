import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { behind, startTestNetwork, type TestNetwork } from '../../../node/test/testNetwork.ts';
import type { Bytes32, Handle } from '../../../protocol/ids.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import { word } from '../../../protocol/test/sampleNetwork.ts';
import { someOf } from '../../../protocol/test/share.ts';
import type { Birth, Death } from '../../../protocol/care/vitalRecords.ts';
import type { Party } from '../../party/Party.ts';
import { readPatientState } from '../../state/PatientState.ts';
import { DIED, dyingDevice } from '../../test/dyingDevice.ts';
import { vitalDeadline } from './placeVitalRecord.ts';
import { readLife } from './readLife.ts';
import { registerBirth } from './registerBirth.ts';
import { reportDeath } from './reportDeath.ts';

const content = word('certificate');
let network: TestNetwork;
let registrar: Party;
before(async () => {
  network = await startTestNetwork({ further: ['vitalRecords'] });
  registrar = await network.party('registrar', { organisation: 'laboratory' });
});
after(async () => await network.close());

async function someone(): Promise<Handle> {
  const { handle } = await readPatientState(await network.party('patient'));
  return handle ?? assert.fail();
}

/** The one opening that a file would hold: it is never another. */
class Opening {
  digest: Bytes32 | undefined;

  readonly keep =
    (type: 'Birth' | 'Death') =>
    async (message: Birth & Death): Promise<void> => {
      const digest = digestOf(registrar, type, message);
      this.digest ??= digest;
      assert.equal(digest, this.digest, 'another opening over the only one');
      await Promise.resolve();
    };
}

const at = vitalDeadline;
const REPORTS = {
  birth: async (party: Party, handle: Handle, { keep }: Opening) =>
    await registerBirth(party, { handle, content, keep: keep('Birth') as never }),
  death: async (party: Party, handle: Handle, { keep }: Opening) =>
    await reportDeath(party, {
      handle,
      content,
      at: at(party, -3600),
      keep: keep('Death') as never,
    }),
};

describe('a report of a life', () => {
  for (const what of ['birth', 'death'] as const) {
    const report = REPORTS[what];
    // @actor a crash, or a lost answer, anywhere in the report of a birth or a death | has another report signed, whose file does not open the one on the ledger
    it(`of a ${what} comes to the same end, with the one opening that was kept, wherever it was cut off`, async () => {
      const whole = dyingDevice(registrar, Infinity, true);
      await report(whole.party, await someone(), new Opening());
      const calls = whole.calls().length;
      for (const step of someOf(Array.from({ length: calls - 1 }, (_, index) => index + 1))) {
        for (const isDone of [false, true]) {
          const [handle, opening] = [await someone(), new Opening()];
          const { party } = dyingDevice(registrar, step, isDone);
          await assert.rejects(report(party, handle, opening), { message: DIED });
          const { digest } = await report(registrar, handle, opening);
          assert.equal(digest, opening.digest, `call ${step}`);
          const { [what]: told } = await readLife(registrar, handle);
          assert.deepEqual([told.report, told.step], [digest, 1]);
        }
      }
    });
  }

  // @actor a node that carried a birth and lost the answer | has the repeat refused as known, with nothing to open it
  it('whose answer was lost is sent again as it was, and is not refused as known', async () => {
    const [handle, opening] = [await someone(), new Opening()];
    const lost = behind(registrar, {
      vital: async (asked) => {
        await registrar.agent.vital(asked);
        throw new Error('lost');
      },
    });
    await assert.rejects(REPORTS.birth(lost, handle, opening), { message: 'lost' });
    const { digest } = await REPORTS.birth(registrar, handle, opening);
    assert.equal(digest, opening.digest);
  });
});
