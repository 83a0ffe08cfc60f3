import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isTestFile } from '../../../scripts/rooms.ts';
import { GAS_LIMIT, MAX_TRANSACTIONS } from '../../ledger/chain/limits.ts';
import { BLOCK_LIMITS } from './ledgerBounds.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** Methods whose answer is as large as one block or one transaction: it cannot be asked for in parts. */
const METHODS =
  /\b(eth_(getLogs|getTransactionReceipt|sendRawTransactionSync|getBlockReceipts|getBlockBy\w+|getTransactionByHash|subscribe|newFilter)|block_results)\b/;

/** The case of the worst block that each reader passes; null for a file that reads none, or serves blocks of its own. */
const READERS: Readonly<Record<string, string | null>> = {
  'src/bindings/readBlockHash.ts': 'has a time',
  'src/bindings/readBlockTime.ts': 'has a time',
  'src/bindings/readBlocks.ts': 'is on the page of blocks',
  'src/bindings/readEvents.ts': null,
  'src/bindings/readGrantSigners.ts': null,
  'src/bindings/readHead.ts': 'is read by the index of each organisation',
  'src/bindings/readLogs.ts': 'has the same logs wherever they are read',
  'src/consortium/LightLedger.ts': 'has the same logs wherever they are read',
  'src/consortium/connectConsensus.ts': 'has the same logs wherever they are read',
  'src/consortium/parseAnswers.ts': 'has the same logs wherever they are read',
  'src/fsck/examineIndexFolder.ts': null,
  'src/http/limits/costOfLedgerRead.ts': null,
  'src/http/operations/explorer.ts': 'is shown by the explorer',
  'src/ledger/Delivery.ts': 'gives receipts for all of its transactions',
  'src/ledger/ReceiptCheck.ts': 'gives receipts for all of its transactions',
  'src/ledger/connectJsonRpc.ts': 'gives receipts for all of its transactions',
  'src/ledger/isUsedByAnother.ts': 'has a time',
  'src/ledger/proven/ProvenReads.ts': 'gives receipts for all of its transactions',
  'src/ledger/rpc/blockMethods.ts': null,
  'src/ledger/rpc/findLogs.ts': null,
  'src/ledger/rpc/logMethods.ts': null,
  'src/ledger/rpc/sendMethods.ts': null,
  'src/ledger/rpc/transactionMethods.ts': null,
  'src/node/atLedger/withOlderBlocks.ts': null,
  'src/peers/BlockService.ts': null,
  'src/protocol/network/LedgerCall.ts': null,
  'src/protocol/network/requireLedgerRead.ts': 'is shown by the explorer',
  'src/services/agent/askLedger.ts': 'is shown by the explorer',
  'src/services/agent/recoveryDoors.ts': null,
  'portal/src/screens/explorer/readLedger.ts': 'is shown by the explorer',
};

describe('the most that a block can hold', () => {
  it('is what the consortium’s validators vote by, and the embedded engine makes no larger ones', () => {
    const engine = globSync('engine/{app,founding}/*.go', { cwd: root }).map(read).join('\n');
    for (const [name, value] of [
      ['maxBlockGas', '60_000_000'],
      ['maxBlockBytes', '4 << 20'],
      ['maxBlockTransactions', '500'],
      ['MaxValidators', '100'],
    ] as const) {
      assert.match(engine, new RegExp(`^(const |\\t)${name}\\s+= ${value}$`, 'm'), name);
    }
    assert.deepEqual(BLOCK_LIMITS, {
      gas: 60_000_000,
      bytes: 4 << 20,
      transactions: 500,
      validators: 100,
    });
    assert.ok(GAS_LIMIT <= BLOCK_LIMITS.gas && MAX_TRANSACTIONS <= BLOCK_LIMITS.transactions);
  });

  // @class whoever may write on the ledger | makes a block that is too large for one of its readers
  it('went through each reader that asks for a block, or for what is in one', () => {
    const files = globSync(['{demo,src}/**/*.ts', 'portal/src/**/*.{ts,tsx}'], { cwd: root });
    const readers = files.filter(
      (file) => !isTestFile(file) && !file.endsWith('.d.ts') && METHODS.test(read(file)),
    );
    assert.deepEqual(readers.toSorted(), Object.keys(READERS).toSorted());
    const cases = [
      ...read('src/ledger/worstBlock.network.test.ts').matchAll(/\bit\('([^']+)'/g),
    ].map(([, title]) => title ?? '');
    for (const [reader, title] of Object.entries(READERS)) {
      assert.ok(title === null || cases.some((each) => each.startsWith(title)), reader);
    }
  });
});
