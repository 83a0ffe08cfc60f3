import { MedsealError } from '../../errors/MedsealError.ts';
import {
  ADDRESS,
  BYTES32,
  Either,
  findShapeError,
  ListOf,
  OneOf,
  type Shape,
} from '../wire/findShapeError.ts';
import type { LedgerCall, LedgerRead } from './LedgerCall.ts';

/** Most blocks that one call may read logs of. */
export const MOST_BLOCKS = 2000;
/** Addresses, and topics of one place, in a filter at most. */
const MOST_TERMS = 16;

const NUMBER = /^0x(?:0|[1-9a-f][0-9a-f]{0,11})$/;
const BLOCK = new Either(NUMBER, new OneOf('latest'));
const TOPIC = new Either(BYTES32, new OneOf(null), new ListOf(BYTES32, MOST_TERMS));
const FILTER = {
  'address?': new Either(ADDRESS, new ListOf(ADDRESS, MOST_TERMS)),
  'topics?': new ListOf(TOPIC, 4),
  fromBlock: NUMBER,
  toBlock: NUMBER,
};

/** The parameters of each method, in their order. */
const PARAMETERS: Readonly<Record<LedgerRead, readonly Shape[]>> = {
  eth_blockNumber: [],
  eth_chainId: [],
  eth_getBlockByHash: [BYTES32, 'boolean'],
  eth_getBlockByNumber: [BLOCK, 'boolean'],
  eth_getCode: [ADDRESS, BLOCK],
  eth_getLogs: [FILTER],
  eth_getTransactionByHash: [BYTES32],
  eth_getTransactionReceipt: [BYTES32],
};

/**
 * Requires a call to read the ledger and nothing else, with exactly the parameters of its method, and logs of a bounded
 * number of blocks.
 *
 * @param call - The call, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED` if the method is not of the list or has other parameters; `REQUEST_TOO_LARGE`
 * if it asks for logs of more than 2,000 blocks.
 */
export function requireLedgerRead({ method, params }: Pick<LedgerCall, 'method' | 'params'>): void {
  if (!Object.hasOwn(PARAMETERS, method)) throw malformed('method is not one that only reads');
  const shapes = PARAMETERS[method];
  if (params.length !== shapes.length) throw malformed(`${method} takes ${shapes.length} params`);
  for (const [place, shape] of shapes.entries()) {
    const misfit = findShapeError(shape, params[place], `params[${place}]`);
    if (misfit !== undefined) throw malformed(misfit);
  }
  if (method !== 'eth_getLogs') return;
  const { fromBlock, toBlock } = params[0] as Readonly<Record<'fromBlock' | 'toBlock', string>>;
  if (Number(toBlock) - Number(fromBlock) < MOST_BLOCKS) return;
  throw new MedsealError('REQUEST_TOO_LARGE', { what: 'range of blocks', limit: MOST_BLOCKS });
}

function malformed(what: string): MedsealError {
  return new MedsealError('REQUEST_MALFORMED', { what });
}
