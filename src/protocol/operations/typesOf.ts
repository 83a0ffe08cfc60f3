import type { Of } from '../struct/Of.ts';
import type { operations, OperationId } from './operations.ts';
import type { ParametersOf } from './parameters.ts';

type Table = typeof operations;

/** Values of an operation's parameters, by name. */
export type ParametersFor<Id extends OperationId> = ParametersOf<Table[Id]['parameters']>;

/** JSON body of an operation; undefined if it takes none. */
export type BodyOf<Id extends OperationId> = Table[Id] extends { readonly takes: infer Takes }
  ? Takes extends 'bytes'
    ? undefined
    : Of<Takes>
  : undefined;

/** JSON that an operation answers with; unknown if it gives none. */
export type GivenBy<Id extends OperationId> = [JsonIn<Table[Id]['gives']>] extends [never]
  ? unknown
  : JsonIn<Table[Id]['gives']>;

type JsonIn<Given> = {
  [Status in keyof Given]: Given[Status] extends { readonly json: infer S } ? Of<S> : never;
}[keyof Given];
