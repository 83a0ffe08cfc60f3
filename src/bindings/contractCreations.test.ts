import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { contractCreations, type ContractFounding } from './contractCreations.ts';
import { registryBytecode } from './generated/registryBytecode.ts';

const founding: ContractFounding = {
  networkId: `0x${'5a'.repeat(32)}`,
  authority: {
    threshold: 1,
    members: [{ address: `0x${'aa'.repeat(20)}`, organisation: 'hospital' }],
  },
  coordinators: {
    threshold: 1,
    members: [{ address: `0x${'cc'.repeat(20)}`, organisation: 'laboratory' }],
  },
  deployer: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
  nonce: 0,
};

const word = (value: number): string => value.toString(16).padStart(64, '0');
const name = (text: string): string => Buffer.from(text).toString('hex').padEnd(64, '0');

describe('contractCreations', () => {
  it('names the addresses that the deployer and its nonces give', () => {
    assert.deepEqual(
      contractCreations(founding).map(({ contract, address }) => [contract, address]),
      [
        ['registry', '0x5fbdb2315678afecb367f032d93f642f64180aa3'],
        ['consent', '0xe7f1725e7734ce288f8367e1bb143e90bb3f0512'],
        ['evidence', '0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0'],
      ],
    );
    const [registry] = contractCreations({ ...founding, nonce: 2 });
    assert.equal(registry?.address, '0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0');
  });

  it('founds the Registry on the network id, the offices and a delay of three days', () => {
    const [registry] = contractCreations(founding);
    assert.equal(
      registry?.data.slice(registryBytecode.length),
      [
        '5a'.repeat(32),
        word(6 * 32),
        word(1),
        word(9 * 32),
        word(1),
        word(259_200),
        word(1),
        'aa'.repeat(20).padStart(64, '0'),
        name('hospital'),
        word(1),
        'cc'.repeat(20).padStart(64, '0'),
        name('laboratory'),
      ].join(''),
    );
  });

  it('gives the other contracts the address of the Registry, and Consent how long a right may be', () => {
    for (const [given, seconds] of [
      [{}, 315_576_000],
      [{ longestRight: 86_400 }, 86_400],
    ] as const) {
      const [registry, consent, evidence] = contractCreations({ ...founding, ...given });
      const address = registry?.address.slice(2).padStart(64, '0') ?? 'none';
      assert.ok(consent?.data.endsWith(`${address}${word(0)}${word(seconds)}`));
      assert.ok(evidence?.data.endsWith(address));
    }
  });

  it('gives Consent the address that the contract of acting keys will have, if there is to be one', () => {
    const created = contractCreations({ ...founding, further: ['vitalRecords', 'mandates'] });
    const [registry, consent] = created;
    const mandates = created.find(({ contract }) => contract === 'mandates');
    const [first, second] = [registry, mandates].map((each) => {
      return each?.address.slice(2).padStart(64, '0') ?? 'none';
    });
    assert.ok(consent?.data.endsWith(`${first}${second}${word(315_576_000)}`));
  });

  it('refuses an organisation whose name is not one', () => {
    const members = [{ address: founding.deployer, organisation: 'The Hospital' }];
    assert.throws(
      () => contractCreations({ ...founding, authority: { threshold: 1, members } }),
      (error) => isMedsealError(error, 'REQUEST_MALFORMED'),
    );
  });
});
