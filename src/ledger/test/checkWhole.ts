import assert from 'node:assert/strict';
import { createAccountFromRLP } from '@ethereumjs/util';
import type { Chain } from '../chain/Chain.ts';
import { examineBlock, type ExaminedBlock } from '../examine/examineBlock.ts';
import type { LedgerDatabase } from '../store/LedgerDatabase.ts';
import type { TrieNode } from '../trie/TrieNode.ts';

/**
 * Checks that a ledger is whole: every block from one on links to its parent and is what its header says, is found
 * by every index, and every node of the last state is there.
 *
 * @param database - The chain's.
 * @param from - First block to check.
 * @returns The number of the last block.
 */
export async function checkWhole(
  chain: Chain,
  database: LedgerDatabase,
  from: number,
): Promise<number> {
  const { store, primitives, common, head } = chain;
  const last = head.header.number;
  let parent: ExaminedBlock | undefined;
  for (let number = Math.max(0, from - 1); number <= last; number++) {
    parent = await examineBlock({ store, database, primitives, common, fault }, number, parent);
  }
  assert.equal(store.block(last + 1), undefined);
  walk(chain, chain.source.nodes.root(head.header.stateRoot), (account) => {
    const { storageRoot, codeHash, isContract } = accountOf(account);
    if (isContract) assert.notEqual(store.code(codeHash), undefined);
    walk(chain, chain.source.nodes.root(storageRoot), () => {});
  });
  return last;
}

function fault(_: string, what: string): never {
  assert.fail(what);
}

function accountOf(encoded: Uint8Array) {
  const account = createAccountFromRLP(encoded);
  const { storageRoot, codeHash } = account;
  return { storageRoot, codeHash, isContract: account.isContract() };
}

/** Visits every value of a trie; loading a node throws if it is not there. */
function walk(chain: Chain, node: TrieNode | null, visit: (value: Uint8Array) => void): void {
  if (node === null) return;
  if (node.kind === 'leaf') return visit(node.value);
  for (const child of node.kind === 'branch' ? node.children : [node.child]) {
    walk(chain, child instanceof Uint8Array ? chain.source.nodes.load(child) : child, visit);
  }
}
