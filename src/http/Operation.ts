import type { ErrorCode } from '../errors/catalogue.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { Shape } from '../protocol/findShapeError.ts';
import type { Parameter, ParametersOf } from './parameters.ts';
import type { Reply } from './Reply.ts';

/** Input of an operation, once its form was checked. */
export interface Asked<Parameters> {
  readonly parameters: Parameters;
  /** The JSON body, of the operation's shape; undefined if the operation takes no body. */
  readonly body: unknown;
  /** Path of the agent's address, such as `/hospital`. */
  readonly base: string;
  /** A header's value; empty if it is absent. */
  readonly header: (name: string) => string;
  /** The body, if the operation takes bytes. */
  readonly content: AsyncIterable<Uint8Array>;
  /** True if the caller wants only the head of the answer. */
  readonly headOnly: boolean;
}

/** Content of an answer. */
export type Gives =
  | { readonly json: Shape }
  | {
      readonly media: string;
    }
  | { readonly nothing: true };

/**
 * Operation of an agent's server: the one place that defines its path, input, output and action. Both the routes and the
 * OpenAPI document are made from it.
 */
export interface Operation<Parameters extends Readonly<Record<string, Parameter>> = {}> {
  /** Name for programs (`operationId`). */
  readonly id: string;
  readonly tag: 'Network' | 'Requests' | 'Evidence' | 'Files' | 'Explorer';
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the agent's address; parameters in braces. */
  readonly path: '/' | `/v1/${string}`;
  /** Description in a sentence. */
  readonly summary: string;
  /** Further description, in Markdown. */
  readonly description?: string;
  readonly parameters: Parameters;
  /** The JSON body; `bytes` is a body of any bytes. */
  readonly takes?: Shape | 'bytes';
  /** True if the agent checks the body's form itself, each member of a list alone. */
  readonly checkedInside?: true;
  /** Optional headers that it reads, with their effect. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Scheme that `Authorization` must have. */
  readonly authorization?: 'Bearer' | 'Upload';
  /** Contents of its answers, by status. */
  readonly gives: Readonly<Partial<Record<200 | 201 | 202 | 204 | 206, Gives>>>;
  /** Codes that it may answer with, besides those of every operation. */
  readonly refuses: readonly ErrorCode[];
  answer(agent: AgentPort, asked: Asked<ParametersOf<Parameters>>): Promise<Reply>;
}

/** Operation without the types of its parameters, as routes and document use it. */
export type AnyOperation = Omit<Operation, 'parameters' | 'answer'> & {
  readonly parameters: Readonly<Record<string, Parameter>>;
  answer(agent: AgentPort, asked: Asked<never>): Promise<Reply>;
};

/**
 * Defines an operation, with the types of its parameters.
 *
 * @param of - The operation.
 */
export function operation<const Parameters extends Readonly<Record<string, Parameter>>>(
  of: Operation<Parameters>,
): AnyOperation {
  return of;
}
