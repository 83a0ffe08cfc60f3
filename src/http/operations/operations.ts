import type { ErrorCode } from '../../errors/catalogue.ts';
import type { AnyOperation } from '../Operation.ts';
import { aboutOperations } from './about.ts';
import { evidenceOperations } from './evidence.ts';
import { explorerOperations } from './explorer.ts';
import { fileOperations } from './files.ts';
import { networkOperations } from './network.ts';
import { requestOperations } from './requests.ts';
import { tlogOperations } from './tlog.ts';

/** All operations of an agent over HTTP. */
export const operations: readonly AnyOperation[] = [
  ...aboutOperations,
  ...networkOperations,
  ...requestOperations,
  ...fileOperations,
  ...evidenceOperations,
  ...explorerOperations,
  ...tlogOperations,
];

/** Codes that every operation may answer with: always, if it takes any input, and if it takes a body. */
export const refusedByAll: Readonly<
  Record<'always' | 'withForm' | 'withBody', readonly ErrorCode[]>
> = {
  always: [
    'CLOSED',
    'HEADERS_TOO_LARGE',
    'INTERNAL',
    'LEDGER_STOPPED',
    'LEDGER_UNREACHABLE',
    'ORIGIN_FOREIGN',
    'OVERLOADED',
    'QUOTA_SPENT',
    'STORAGE_FAILED',
    'STORAGE_FULL',
  ],
  withForm: ['REQUEST_MALFORMED'],
  withBody: ['REQUEST_SLOW', 'REQUEST_TOO_LARGE'],
};
