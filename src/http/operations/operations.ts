import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Operation } from '../../protocol/operations/Operation.ts';
import { operations, type OperationId } from '../../protocol/operations/operations.ts';
import type { Answering } from '../Answering.ts';
import { aboutAnswers } from './about.ts';
import { evidenceAnswers } from './evidence.ts';
import { explorerAnswers } from './explorer.ts';
import { fileAnswers } from './files.ts';
import { networkAnswers } from './network.ts';
import { requestAnswers } from './requests.ts';
import { tlogAnswers } from './tlog.ts';

/** An operation of the table, with the server's answer to it. */
export interface ServedOperation extends Operation, Answering<never> {
  readonly id: OperationId;
}

/** The answers to all operations of the table: one that is missing is an error of the compiler. */
const answers: { readonly [Id in OperationId]: Answering<Id> } = {
  ...aboutAnswers,
  ...networkAnswers,
  ...requestAnswers,
  ...fileAnswers,
  ...evidenceAnswers,
  ...explorerAnswers,
  ...tlogAnswers,
};

/** All operations of an agent over HTTP, in the order of the table. */
export const servedOperations: readonly ServedOperation[] = Object.entries(operations).map(
  ([name, operation]) => {
    const id = name as OperationId;
    return { ...operation, ...(answers[id] as Answering<never>), id };
  },
);

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
