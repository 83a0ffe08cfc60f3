import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import { inTime } from '../test/inTime.ts';
import type { Party } from '../party/Party.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from './grantRight.ts';
import { listGrants } from './listGrants.ts';
import { revokeRight } from './revokeRight.ts';

let network: TestNetwork;
let care: Care;
before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
});
after(async () => await network.close());

async function given(): Promise<Bytes32> {
  const vitals = { ...everything(care.stranger), categories: ['vitals'] } as const;
  return (await grantRight(care.patient, vitals)).digest;
}

/** Has the keys turn without the device that works, as they do at the date of a right. */
async function turn(right: Bytes32): Promise<void> {
  const other: Party = { ...care.patient, device: memoryDevice() };
  await restorePatient(other);
  await revokeRight(other, right);
}

/** The patient's device, before whose next calls of a type the keys turn, once for each of some rights. */
function turning(
  type: 'Grant' | 'Revoke' | 'CommitEpochs' | 'Keep',
  rights: readonly Bytes32[],
): Party {
  const { agent } = care.patient;
  const left = [...rights];
  const first = async (asked: unknown): Promise<void> => {
    const isOf = JSON.stringify(asked).includes(`"type":"${type}"`);
    const right = isOf ? left.shift() : undefined;
    if (right !== undefined) await turn(right);
  };
  const submit: AgentPort['submit'] = async (submissions) => {
    await first(submissions);
    return await agent.submit(submissions);
  };
  const keep: AgentPort['keep'] = async (kept) => {
    await first(kept);
    return await agent.keep(kept);
  };
  return behind(care.patient, { submit, keep });
}

async function stateOf(grant: Bytes32): Promise<string | undefined> {
  return (await confirmFacts(care.patient, { grant })).grant?.state;
}

describe('keys that turn while a patient changes something', () => {
  it('do not keep a right from ending', async () => {
    const [wanted, ...others] = [await given(), await given(), await given()];
    await inTime(network, revokeRight(turning('Revoke', others), wanted));
    const states = await Promise.all([wanted, ...others].map(stateOf));
    assert.deepEqual(states, ['ended', 'ended', 'ended']);
  });

  it('do not keep a right from being given, and it is given once', async () => {
    const { address: grantee } = care.stranger;
    const rights = async () =>
      (await listGrants(care.patient)).filter(({ grant }) => grant?.terms.grantee === grantee);
    const others = [await given(), await given()];
    const before = await rights();
    const wanted = { ...everything(care.stranger), categories: ['allergies'] } as const;
    const { digest, grant } = await inTime(network, grantRight(turning('Grant', others), wanted));
    const after = await rights();
    assert.equal(after.length, before.length - others.length + 1);
    assert.ok(after.some((each) => each.digest === digest));
    const chart = { handle: care.handle, grant, purpose: 'TREAT' } as const;
    assert.deepEqual((await readChart(care.stranger, chart)).records, []);
  });

  it('do not keep further epochs from being committed to', async () => {
    await inTime(network, commitEpochs(turning('CommitEpochs', [await given()]), 40));
  });

  it('do not keep an erasure from its end, wherever they turn in it', async () => {
    for (const type of ['Revoke', 'CommitEpochs', 'Keep'] as const) {
      await inTime(network, eraseKeys(turning(type, [await given(), await given()]), 'vitals'));
    }
  });

  it('do not keep a right from ending if other organisations have heard of the turn, and that of the patient has not', async () => {
    const wanted = await given();
    const ahead = ['laboratory', 'insurer'];
    const left = new Set(ahead);
    for (const name of ahead) {
      const { contributor } = network.services(name);
      const keep: typeof contributor.keep = async (deposit) => {
        if (!left.delete(name)) return await contributor.keep(deposit);
        throw new MedsealError('EPOCH_STALE', { epoch: 99 });
      };
      network.liars.contributor.set(name, { ...contributor, keep });
    }
    await inTime(network, revokeRight(care.patient, wanted));
    network.liars.contributor.clear();
    assert.deepEqual([await stateOf(wanted), left.size], ['ended', 0]);
  });

  it('are told as what they are, if they turn at each attempt', async () => {
    const rights: Bytes32[] = [];
    for (let count = 0; count < 9; count++) rights.push(await given());
    const wanted = await given();
    await assert.rejects(
      inTime(network, revokeRight(turning('Revoke', rights), wanted)),
      failsWith('RULE_REFUSED'),
    );
    assert.equal(await stateOf(wanted), 'active');
  });
});
