import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contractCreations } from '../bindings/contractCreations.ts';
import { encodeBatch } from '../bindings/encodeBatch.ts';
import { validatorsAbi } from '../bindings/generated/validatorsAbi.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { organisationId } from '../protocol/network/networkLookups.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { sign } from '../protocol/struct/signing.ts';
import { addressOf } from './ledger.cases.ts';
import {
  fourOf,
  CHAIN,
  secretOf,
  founders,
  senderAt,
  heightOf,
  validatorOf,
  powersAt,
  hasSigned,
  until,
  grow,
  requireWhole,
} from './test/askValidators.ts';
import { engineMissing, startEngines } from './test/startEngines.ts';

describe('stake that the contracts give', { skip: engineMissing ?? false }, () => {
  it('lets a fifth validator join and a founder leave', async (t) => {
    const registry = contractCreations(founding([]))[0]?.address;
    const validators = contractCreations(founding([]))[3]?.address;
    assert.ok(registry && validators);
    const network = await startEngines({
      validators: 4,
      senders: founders,
      registry,
      stakeContract: validators,
    });
    t.after(async () => {
      await network.close();
    });
    const [first, second, , last] = fourOf(network);
    const sender = await senderAt(first, secretOf(1));
    const keys = network.engines.map(({ key }) => key);
    for (const { data } of contractCreations(founding(keys))) await sender.send({ data });

    const change = async (organisation: number, key: Bytes32, amount: number): Promise<void> => {
      const message = {
        organisation: organisationId(`organisation-${organisation}`),
        key,
        amount,
        change: 1,
        deadline: 4_000_000_000,
      };
      const domain = { name: 'Medseal', version: '1', chainId: CHAIN, salt: NETWORK_ID };
      const signatures = [1, 2, 3]
        .map((number) => ({ address: addressOf(secretOf(number)), signingKey: secretOf(number) }))
        .sort((one, other) => (one.address < other.address ? -1 : 1))
        .map(
          (signer) =>
            sign({ domain, primitives: portablePrimitives }, signer, 'StakeChange', message)
              .signature,
        );
      const begin = encodeBatch(validatorsAbi, 'changeStakes', [{ message, signatures }]);
      const finish = encodeBatch(validatorsAbi, 'finishStakeChanges', [[message]]);
      await sender.send({ to: validators, data: begin });
      await sender.send({ to: validators, data: finish });
    };
    const newcomer = await network.add();
    const joining = await validatorOf(newcomer);
    assert.equal((await powersAt(first))[joining], undefined);
    await change(4, newcomer.key, 25);
    await until('it has power', async () => (await powersAt(second))[joining] === 25);
    await until(
      'it signs',
      async () => await hasSigned(second, (await heightOf(second)) - 1, joining),
    );

    const leaving = await validatorOf(last);
    await change(3, last.key, 0);
    await until('it has none', async () => !(leaving in (await powersAt(second))));
    await last.stop();
    await grow(second, 5);
    const powers = Object.values(await powersAt(second));
    assert.deepEqual(
      powers.sort((one, other) => one - other),
      [10, 10, 10, 25],
    );
    await requireWhole([...network.engines.slice(0, 3), newcomer], validators, []);
  });
});

const NETWORK_ID: Bytes32 = `0x${'5a'.repeat(32)}`;

/** The contracts of a network whose offices change at once, and whose validators begin with these keys. */
function founding(keys: readonly Bytes32[]): Parameters<typeof contractCreations>[0] {
  const members = founders.map((address, index) => ({
    address,
    organisation: `organisation-${index}`,
  }));
  return {
    networkId: NETWORK_ID,
    authority: { members, threshold: 3 },
    coordinators: { members, threshold: 3 },
    delay: 0,
    stakes: keys.map((key, index) => ({ organisation: `organisation-${index}`, key, amount: 10 })),
    deployer: founders[0] ?? '0x',
    nonce: 0,
  };
}
