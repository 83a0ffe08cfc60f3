import { bytesToHex, concatBytes, equalBytes, hexToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { createCommon } from '../chain/createCommon.ts';
import { CHAIN_FORMAT } from '../chain/Chain.ts';
import { fromBigEndian } from '../store/keys.ts';
import type { LedgerDatabase } from '../store/LedgerDatabase.ts';
import { LedgerStore, logKeys } from '../store/LedgerStore.ts';
import { examineBlock, type ExaminedBlock } from './examineBlock.ts';
import { examineState } from './examineState.ts';
import type { LedgerFault, LedgerFaultKind } from './LedgerFault.ts';

/** Options of `examineLedger`. */
export interface LedgerExamination {
  /** Open; nobody writes to it. */
  readonly database: LedgerDatabase;
  /** EIP-155 chain id, and hash of block 0. */
  readonly chainId: number;
  readonly genesisHash: Bytes32;
  readonly primitives: Primitives;
  readonly onFault: (fault: LedgerFault) => void;
  /** Takes the number of blocks examined, of so many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Receipts, nodes, code and indexes follow from the blocks; the blocks from nothing else. */
const REBUILT: ReadonlySet<LedgerFaultKind> = new Set<LedgerFaultKind>([
  'ledger-receipts',
  'ledger-state',
  'ledger-index',
]);

/** Rows that each letter of the store's keys stands for, if their number follows from the blocks. */
const COUNTED = { b: 'blocks', r: 'receipts', h: 'hashes of blocks', t: 'transactions', l: 'logs' };

/**
 * Examines an embedded ledger at rest: that each block follows from the one before and is what its header says, that
 * receipts and indexes are those of the blocks, and that every node and code of every state is there as it was
 * written. Memory is bounded, whatever its length.
 *
 * @param examination - Database and hashes.
 * @returns The number of the last block; -1 if there are no blocks.
 */
export async function examineLedger(examination: LedgerExamination): Promise<number> {
  const { database, chainId, genesisHash, primitives, onFault, onProgress } = examination;
  const store = new LedgerStore(database);
  let blocksHold = true;
  const fault = (kind: LedgerFaultKind, what: string): void => {
    if (kind === 'ledger-block') blocksHold = false;
    onFault({ kind, what, remedy: REBUILT.has(kind) ? 'rebuild' : 'backup' });
  };
  const parts = { database, store, primitives, common: createCommon(chainId, primitives), fault };
  const identity = concatBytes(CHAIN_FORMAT, hexToBytes(genesisHash));
  if (!equalBytes(store.identity() ?? new Uint8Array(), identity)) {
    fault('ledger-identity', 'the first row is not that of this network’s ledger');
  }
  const last = store.headNumber();
  if (last === undefined) {
    fault('ledger-identity', 'it does not name its last block');
    return -1;
  }
  const counts = { b: last + 1, r: last + 1, h: last + 1, t: 0, l: 0 };
  let parent: ExaminedBlock | undefined;
  for (let number = 0; number <= last; number++) {
    parent = await examineBlock(parts, number, parent);
    // A number that was altered would have it look for blocks for ever.
    if (parent === undefined && (await isBeyond(database, number))) {
      fault('ledger-block', `it names block ${last} as the last, but ends before ${number}`);
      return number - 1;
    }
    if (number === 0 && parent !== undefined && bytesToHex(parent.hash) !== genesisHash) {
      fault('ledger-block', 'block 0 is not that of this network');
    }
    counts.t += parent?.receipts.length ?? 0;
    counts.l += parent === undefined ? 0 : [...logKeys({ ...parent, number })].length;
    onProgress?.(number + 1, last + 1);
  }
  await examineState(parts);
  for (const [letter, name] of Object.entries(COUNTED)) {
    const found = await countRows(database, letter);
    const wanted = counts[letter as keyof typeof COUNTED];
    if (blocksHold && found !== wanted) {
      const kind = letter === 'b' ? 'ledger-block' : 'ledger-index';
      fault(kind, `there are ${found} rows of ${name}, but its blocks have ${wanted}`);
    }
  }
  return last;
}

/** Tells whether there is no block from a number on. */
async function isBeyond(database: LedgerDatabase, number: number): Promise<boolean> {
  const options = { keyEncoding: 'view', gte: letterKey('b'), lt: letterKey('c') } as const;
  const [last] = await database.keys<Uint8Array>({ ...options, reverse: true, limit: 1 }).all();
  return last === undefined || fromBigEndian(last.subarray(1)) < number;
}

async function countRows(database: LedgerDatabase, letter: string): Promise<number> {
  const next = String.fromCharCode(letter.charCodeAt(0) + 1);
  const range = { keyEncoding: 'view', gte: letterKey(letter), lt: letterKey(next) } as const;
  let count = 0;
  for await (const _ of database.keys<Uint8Array>(range)) count += 1;
  return count;
}

function letterKey(letter: string): Uint8Array {
  return Uint8Array.of(letter.charCodeAt(0));
}
