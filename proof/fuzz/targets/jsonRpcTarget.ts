import { answerJsonRpc } from '../../../src/ledger/answerJsonRpc.ts';
import type { LedgerProvider } from '../../../src/bindings/LedgerProvider.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { mutateJson } from '../mutateJson.ts';

/** The ledger's JSON-RPC: every method with parameters that were right, altered; single calls and batches. */
export const openJsonRpcTarget: OpenTarget = async ({ network }) => {
  const { ledger, file } = network;
  const samples = await callsTo(ledger, file.contracts.registry);
  return {
    async enter(dice, note) {
      const one = (): string => {
        const call = { jsonrpc: '2.0', id: dice.between(0, 9), ...dice.pick(samples) };
        return dice.chance(0.2) ? JSON.stringify(call) : mutateJson(dice, call);
      };
      const batch = Array.from({ length: dice.between(0, 5) }, one);
      const text = dice.chance(0.8) ? one() : `[${batch.join(',')}]`;
      note(text);
      const answer = await answerJsonRpc(ledger, parsed(text), Date);
      const said = JSON.stringify(answer) ?? '';
      if (said.includes('"internal error"')) throw new TargetFault(said.slice(0, 500));
      if (said.length > 64 * 2 ** 20) throw new TargetFault(`${said.length} characters`);
    },
  };
};

/** A call of each method that a ledger answers. */
async function callsTo(
  ledger: LedgerProvider,
  to: string,
): Promise<readonly { readonly method: string; readonly params: readonly unknown[] }[]> {
  const ask = async (method: string, ...params: unknown[]): Promise<unknown> =>
    await ledger.request({ method, params });
  const block = (await ask('eth_getBlockByNumber', 'latest', false)) as {
    readonly hash: string;
    readonly transactions: readonly string[];
  };
  const [transaction = ''] = block.transactions;
  const from = `0x${'ab'.repeat(20)}`;
  const raw = await ask('eth_getRawTransactionByHash', transaction);
  const call = { from, to, data: '0x12345678', value: '0x0', gas: '0x10000' };
  const filter = {
    address: [to],
    topics: [null, [block.hash]],
    fromBlock: '0x0',
    toBlock: 'latest',
  };
  const tag = { blockHash: block.hash, requireCanonical: true };
  const id = await ask('eth_newFilter', filter);
  const blocks = await ask('eth_newBlockFilter');
  const pending = await ask('eth_newPendingTransactionFilter');
  const table: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
    eth_chainId: [[]],
    net_version: [[]],
    eth_blockNumber: [[]],
    eth_syncing: [[]],
    eth_accounts: [[]],
    web3_clientVersion: [[]],
    web3_sha3: [['0x00ff']],
    eth_gasPrice: [[]],
    eth_feeHistory: [
      ['0x5', 'latest', [10, 50]],
      [5, '0x1', null],
    ],
    eth_getBlockByNumber: [
      ['0x1', true],
      ['latest', false],
    ],
    eth_getBlockByHash: [[block.hash, true]],
    eth_getBlockReceipts: [['latest'], [tag]],
    eth_getBlockTransactionCountByNumber: [['0x1']],
    eth_getBlockTransactionCountByHash: [[block.hash]],
    eth_getUncleCountByBlockNumber: [['0x1']],
    eth_getUncleByBlockHashAndIndex: [[block.hash, '0x0']],
    eth_getTransactionByHash: [[transaction]],
    eth_getTransactionByBlockNumberAndIndex: [['latest', '0x0']],
    eth_getTransactionByBlockHashAndIndex: [[block.hash, '0x0']],
    eth_getRawTransactionByHash: [[transaction]],
    eth_getTransactionReceipt: [[transaction]],
    eth_sendRawTransaction: [[raw]],
    eth_sendRawTransactionSync: [[raw, 50]],
    eth_getBalance: [[from, 'latest']],
    eth_getTransactionCount: [[from, 'pending']],
    eth_getCode: [[to, tag]],
    eth_getStorageAt: [[to, '0x0', { blockNumber: '0x1' }]],
    eth_call: [
      [call, 'latest'],
      [{ data: '0x600160005500' }, 'pending'],
    ],
    eth_estimateGas: [[call], [{ from, data: '0x600160005500' }, 'latest']],
    eth_getLogs: [[filter], [{ blockHash: block.hash }]],
    eth_newFilter: [[filter]],
    eth_newBlockFilter: [[]],
    eth_uninstallFilter: [['0xffff']],
    eth_getFilterLogs: [[id]],
    eth_getFilterChanges: [[id], [blocks], [pending]],
    eth_getProof: [[to, ['0x0', block.hash], 'latest']],
  };
  return Object.entries(table).flatMap(([method, all]) =>
    all.map((params) => ({ method, params })),
  );
}

/** Parses a body as the HTTP server does: undefined if it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
