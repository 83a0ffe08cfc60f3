import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hex } from 'viem';
import { encodeFunctionData } from 'viem/utils';
import { privateKeyToAccount, sign } from 'viem/accounts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { consentAbi } from './generated/consentAbi.ts';
import { readGrantSigners } from './readGrantSigners.ts';

const CONSENT = `0x${'c0'.repeat(20)}` as const;
const transaction = `0x${'aa'.repeat(32)}` as const;
const grant = `0x${'bb'.repeat(32)}` as const;
const [first, second] = [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`] as const;

function addressOf(key: Hex): string {
  return privateKeyToAccount(key).address.toLowerCase();
}

/** A call of `grant`, with what else the contract wants left empty. */
function calling(...signatures: readonly Hex[]): Hex {
  const empty = {
    handle: transaction,
    termsHash: transaction,
    deadline: 0n,
  };
  return encodeFunctionData({
    abi: consentAbi,
    functionName: 'grant',
    args: [signatures.map(() => empty), signatures],
  });
}

async function read(shown: unknown): Promise<readonly string[] | undefined> {
  const provider = { request: async () => await Promise.resolve(shown) };
  return await readGrantSigners(provider, CONSENT, { transaction, grant });
}

describe('readGrantSigners', () => {
  it('tells the key of each signature over the grant, as far as one can be recovered', async () => {
    const [one, two] = [
      await sign({ hash: grant, privateKey: first, to: 'hex' }),
      await sign({ hash: grant, privateKey: second, to: 'hex' }),
    ];
    assert.deepEqual(await read({ to: CONSENT, input: calling(one) }), [addressOf(first)]);
    assert.deepEqual(
      await read({ to: CONSENT.toUpperCase().replace('X', 'x'), input: calling(two, '0x12', one) }),
      [addressOf(second), addressOf(first)],
    );
  });

  it('tells that it cannot tell of a transaction that did not call the contract itself, or something else of it', async () => {
    const input = calling(await sign({ hash: grant, privateKey: first, to: 'hex' }));
    for (const shown of [
      { to: transaction.slice(0, 42), input },
      { to: null, input },
      { to: CONSENT, input: '0x' },
      { to: CONSENT, input: `0xdeadbeef${input.slice(10)}` },
      { to: CONSENT, input: input.slice(0, 300) },
      { to: CONSENT },
      {},
    ]) {
      assert.equal(await read(shown), undefined);
    }
  });

  // @class a node that began with a snapshot, or removed blocks, refuses rights for good | transactions that its validator lacks
  it('fails if the ledger does not show a transaction whose event it showed: that says nothing of who signed', async () => {
    await assert.rejects(read(null), failsWith('PEER_MALFORMED'));
  });
});
