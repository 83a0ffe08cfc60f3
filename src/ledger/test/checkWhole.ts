import assert from 'node:assert/strict';
import { encodeReceipt } from '@ethereumjs/vm';
import { createAccountFromRLP } from '@ethereumjs/util';
import type { Chain } from '../chain/Chain.ts';
import { encodeHeader } from '../chain/Header.ts';
import { logsBloom } from '../rpc/logsBloom.ts';
import { orderedRoot } from '../trie/orderedRoot.ts';
import type { TrieNode } from '../trie/TrieNode.ts';

/**
 * Checks that a ledger is whole: every block from one on links to its parent and is what its header says, is found
 * by every index, and every node of the last state is there.
 *
 * @param from - First block to check.
 * @returns The number of the last block.
 */
export async function checkWhole(chain: Chain, from: number): Promise<number> {
  const { store, primitives, head } = chain;
  const last = head.header.number;
  for (let number = from; number <= last; number++) {
    const block = chain.block(number) ?? assert.fail(`block ${number} is not there`);
    const { receipts } = block;
    const hash = primitives.keccak256(encodeHeader(block.header));
    assert.deepEqual(hash, chain.hashOf(number));
    assert.equal(store.numberOf(hash), number);
    if (number > 0) assert.deepEqual(block.header.parentHash, chain.hashOf(number - 1));
    assert.deepEqual(orderedRoot(block.transactions, primitives), block.header.transactionsRoot);
    const encoded = receipts.map((receipt) =>
      encodeReceipt(
        {
          status: receipt.status,
          cumulativeBlockGasUsed: BigInt(receipt.cumulativeGasUsed),
          bitvector: logsBloom(receipt.logs, primitives),
          logs: receipt.logs.map(([address, topics, data]) => [address, [...topics], data]),
        },
        receipt.type as 0 | 1 | 2,
      ),
    );
    assert.deepEqual(orderedRoot(encoded, primitives), block.header.receiptsRoot);
    for (const [index, receipt] of receipts.entries()) {
      assert.deepEqual(store.locate(receipt.hash), { number, index });
      for (const [address] of receipt.logs) {
        assert.deepEqual(await store.blocksWith(0, address, number, number), [number]);
      }
    }
  }
  assert.equal(store.block(last + 1), undefined);
  walk(chain, chain.source.nodes.root(head.header.stateRoot), (account) => {
    const { storageRoot, codeHash, isContract } = accountOf(account);
    if (isContract) assert.notEqual(store.code(codeHash), undefined);
    walk(chain, chain.source.nodes.root(storageRoot), () => {});
  });
  return last;
}

function accountOf(encoded: Uint8Array) {
  const account = createAccountFromRLP(encoded);
  const { storageRoot, codeHash } = account;
  return { storageRoot, codeHash, isContract: account.isContract() };
}

/** Visits every value of a trie; loading a node throws where it is not there. */
function walk(chain: Chain, node: TrieNode | null, visit: (value: Uint8Array) => void): void {
  if (node === null) return;
  if (node.kind === 'leaf') return visit(node.value);
  for (const child of node.kind === 'branch' ? node.children : [node.child]) {
    walk(chain, child instanceof Uint8Array ? chain.source.nodes.load(child) : child, visit);
  }
}
