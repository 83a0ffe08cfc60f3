import type { MethodTable } from './LedgerContext.ts';
import { byTag } from './blockMethods.ts';
import { invalid, isAbsent, readQuantity, toQuantity } from './parameters.ts';
import { GAS_LIMIT } from '../chain/limits.ts';
import { LoopSlices } from '../chain/LoopSlices.ts';
import { LedgerRejection } from '../LedgerRejection.ts';

/** Blocks that `eth_feeHistory` answers for at most, and percentiles of each. */
const [MAX_HISTORY, MAX_PERCENTILES] = [1024, 100];

/** Reading a block off the disk. */
const UNITS_PER_BLOCK = 128;

/** Methods for fees, which are all zero. */
export const feeMethods: MethodTable = {
  eth_gasPrice: () => '0x0',
  eth_maxPriorityFeePerGas: () => '0x0',
  eth_blobBaseFee: () => '0x1',
  eth_feeHistory: async (ledger, [count, newest, percentiles]) => {
    // Some tools send a plain number.
    const asked = readQuantity(
      Number.isSafeInteger(count) ? `0x${Number(count).toString(16)}` : count,
      'block count',
    );
    const last = byTag(ledger, newest);
    if (last === undefined) throw new LedgerRejection(-32000, 'header not found');
    const many = Array.isArray(percentiles) && percentiles.length > MAX_PERCENTILES;
    if (many || (!isAbsent(percentiles) && !Array.isArray(percentiles))) {
      throw invalid('reward percentiles');
    }
    const blocks = Math.min(asked, MAX_HISTORY, last + 1);
    const oldest = last + 1 - blocks;
    const gasUsedRatio: number[] = [];
    const slices = new LoopSlices();
    for (let number = oldest; number <= last; number++) {
      const head = ledger.chain.headerAt(number);
      gasUsedRatio.push((head?.header.gasUsed ?? 0) / GAS_LIMIT);
      if (slices.count(UNITS_PER_BLOCK)) await slices.next();
    }
    return {
      oldestBlock: toQuantity(oldest),
      baseFeePerGas: Array.from({ length: blocks + 1 }, () => '0x0'),
      gasUsedRatio,
      baseFeePerBlobGas: Array.from({ length: blocks + 1 }, () => '0x1'),
      blobGasUsedRatio: gasUsedRatio.map(() => 0),
      ...(Array.isArray(percentiles)
        ? { reward: gasUsedRatio.map(() => percentiles.map(() => '0x0')) }
        : {}),
    };
  },
};
