import { createAccountFromRLP } from '@ethereumjs/util';
import { RLP } from '@ethereumjs/rlp';
import { bytesToHex, equalBytes } from '../../crypto/bytes.ts';
import { decodeBlock } from '../chain/Header.ts';
import { decodeNode, type Child, type TrieNode } from '../trie/TrieNode.ts';
import { EMPTY_ROOT } from '../trie/sealTrie.ts';
import type { LedgerParts } from './LedgerParts.ts';

/**
 * Examines the state of every block: each node and each code is the one that its key names, all that nodes name is
 * there, and so is the root of each block. So every state is whole, without walking each.
 *
 * @param parts - The ledger.
 */
export async function examineState(parts: LedgerParts): Promise<void> {
  const { database, store, primitives, fault } = parts;
  for await (const [hash, encoded] of rowsOf(parts, 'n')) {
    const name = bytesToHex(hash);
    if (!equalBytes(primitives.keccak256(encoded), hash)) {
      fault('ledger-state', `node ${name} of the state was altered`);
      continue;
    }
    for (const missing of lostChildren(parts, decodeNode(encoded, hash))) {
      fault('ledger-state', `node ${name} of the state leads to ${missing}, which is lost`);
    }
  }
  for await (const [hash, code] of rowsOf(parts, 'c')) {
    if (equalBytes(primitives.keccak256(code), hash)) continue;
    fault('ledger-state', `code ${bytesToHex(hash)} was altered`);
  }
  const range = { gte: Uint8Array.of(0x62), lt: Uint8Array.of(0x63) };
  for await (const block of database.values<Uint8Array, Uint8Array>({ ...range, ...BINARY })) {
    const { header } = decodedBlock(block) ?? {};
    if (header === undefined || equalBytes(header.stateRoot, EMPTY_ROOT)) continue;
    if (store.node(header.stateRoot) === undefined) {
      fault('ledger-state', `the state of block ${header.number} is lost`);
    }
  }
}

const BINARY = { keyEncoding: 'view', valueEncoding: 'view' } as const;

async function* rowsOf(
  { database }: LedgerParts,
  letter: string,
): AsyncGenerator<readonly [Uint8Array, Uint8Array]> {
  const code = letter.charCodeAt(0);
  const range = { gte: Uint8Array.of(code), lt: Uint8Array.of(code + 1), ...BINARY };
  for await (const [key, value] of database.iterator<Uint8Array, Uint8Array>(range)) {
    yield [key.slice(1), Uint8Array.from(value)];
  }
}

/** Names of what a node leads to and that is not there. */
function* lostChildren(parts: LedgerParts, node: TrieNode): Generator<string> {
  if (node.kind === 'leaf') {
    yield* lostOfAccount(parts, node.value);
    return;
  }
  for (const child of node.kind === 'branch' ? node.children : [node.child]) {
    yield* lostChild(parts, child);
  }
}

function* lostChild(parts: LedgerParts, child: Child): Generator<string> {
  if (child === null) return;
  if (!(child instanceof Uint8Array)) yield* lostChildren(parts, child);
  else if (parts.store.node(child) === undefined) yield `node ${bytesToHex(child)}`;
}

/** An account is a list of four; a storage word is not a list. */
function* lostOfAccount({ store }: LedgerParts, value: Uint8Array): Generator<string> {
  if (!Array.isArray(RLP.decode(value))) return;
  const account = createAccountFromRLP(value);
  const { storageRoot, codeHash } = account;
  if (!equalBytes(storageRoot, EMPTY_ROOT) && store.node(storageRoot) === undefined) {
    yield `node ${bytesToHex(storageRoot)}`;
  }
  if (account.isContract() && store.code(codeHash) === undefined)
    yield `code ${bytesToHex(codeHash)}`;
}

function decodedBlock(bytes: Uint8Array): ReturnType<typeof decodeBlock> | undefined {
  try {
    return decodeBlock(bytes);
  } catch {
    return undefined;
  }
}
