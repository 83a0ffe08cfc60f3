import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeFunctionData } from 'viem/utils';
import { ZERO32, type Address, type Hex } from '../protocol/ids.ts';
import type { OfficeChange, Revoke } from '../protocol/struct/requests.ts';
import { encodeBatch } from './encodeBatch.ts';
import { consentAbi } from './generated/consentAbi.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import { registryAbi } from './generated/registryAbi.ts';

const revoke: Revoke = {
  deadline: 4_000_000_000,
  handle: ZERO32,
  grant: ZERO32,
  epoch: 2,
  packets: ZERO32,
};
const [party, other]: Address[] = [`0x${'01'.repeat(20)}`, `0x${'02'.repeat(20)}`];
const signature: Hex = `0x${'ab'.repeat(65)}`;

describe('encodeBatch', () => {
  it('encodes messages with a signature as their ABI says, whatever else is in them', () => {
    const message = { ...revoke, note: 'not of the struct' };
    const { epoch, deadline } = revoke;
    const expected = encodeFunctionData({
      abi: consentAbi,
      functionName: 'revoke',
      args: [[{ ...revoke, epoch: BigInt(epoch), deadline: BigInt(deadline) }], [signature]],
    });
    assert.equal(encodeBatch(consentAbi, 'revoke', [{ message, signature }]), expected);
    assert.equal(encodeBatch(consentAbi, 'revoke', [[revoke, signature]]), expected);
  });

  it('encodes messages with signatures, lists and small numbers', () => {
    const message: OfficeChange = {
      office: 'authority',
      members: [party ?? ZERO32, other ?? ZERO32],
      organisations: [ZERO32, ZERO32],
      threshold: 2,
      change: 7,
      deadline: 9,
    };
    const expected = encodeFunctionData({
      abi: registryAbi,
      functionName: 'changeOffices',
      args: [[{ ...message, change: 7n, deadline: 9n }], [[signature, signature]]],
    });
    const signatures = [signature, signature];
    assert.equal(encodeBatch(registryAbi, 'changeOffices', [{ message, signatures }]), expected);
  });

  it('encodes one list, three lists, and none', () => {
    const checkpoint = { log: ZERO32, size: 3, root: ZERO32 };
    assert.equal(
      encodeBatch(evidenceAbi, 'checkpoint', [[checkpoint, [ZERO32], [signature]]]),
      encodeFunctionData({
        abi: evidenceAbi,
        functionName: 'checkpoint',
        args: [[{ ...checkpoint, size: 3n }], [[ZERO32]], [[signature]]],
      }),
    );
    const parties = [party ?? ZERO32, other ?? ZERO32];
    assert.equal(
      encodeBatch(
        registryAbi,
        'finishRecoveries',
        parties.map((each) => [each]),
      ),
      encodeFunctionData({ abi: registryAbi, functionName: 'finishRecoveries', args: [parties] }),
    );
    assert.equal(
      encodeBatch(consentAbi, 'revoke', []),
      encodeFunctionData({ abi: consentAbi, functionName: 'revoke', args: [[], []] }),
    );
  });

  it('does not compile if a field or a signature is missing', () => {
    const { packets, ...message } = revoke;
    assert.equal(packets, ZERO32);
    // @ts-expect-error `packets` is missing.
    assert.ok(() => encodeBatch(consentAbi, 'revoke', [{ message, signature }]));
    // @ts-expect-error The signature is missing.
    assert.ok(() => encodeBatch(consentAbi, 'revoke', [{ message: revoke }]));
    // @ts-expect-error There is no such function.
    assert.ok(() => encodeBatch(consentAbi, 'enrol', []));
  });
});
