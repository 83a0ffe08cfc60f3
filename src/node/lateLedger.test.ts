import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { requestAll } from '../bindings/requestAll.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { lateLedger } from './lateLedger.ts';

const ledger: LedgerProvider = {
  request: async ({ method }) => await Promise.resolve(method),
};

it('connects when it is first asked, once for all who ask at the same time', async () => {
  let connections = 0;
  const late = lateLedger(async () => {
    connections += 1;
    return await Promise.resolve(ledger);
  });
  assert.equal(connections, 0);
  const all = [{ method: 'eth_chainId' }, { method: 'eth_blockNumber' }];
  const answers = await Promise.all([
    late.request({ method: 'eth_chainId' }),
    requestAll(late, all),
  ]);
  assert.deepEqual(answers, ['eth_chainId', ['eth_chainId', 'eth_blockNumber']]);
  assert.equal(connections, 1);
});

it('connects again after that failed', async () => {
  let connections = 0;
  const late = lateLedger(async () => {
    connections += 1;
    if (connections === 1) throw new MedsealError('LEDGER_UNREACHABLE', {});
    return await Promise.resolve(ledger);
  });
  await assert.rejects(late.request({ method: 'eth_chainId' }), failsWith('LEDGER_UNREACHABLE'));
  assert.equal(await late.request({ method: 'eth_chainId' }), 'eth_chainId');
});
