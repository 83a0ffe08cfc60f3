import type { ErrorCode } from '../../errors/catalogue.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Shape } from '../../protocol/findShapeError.ts';
import type { Parameter, ParametersOf } from './parameters.ts';
import type { Reply } from './Reply.ts';

/** What an operation is asked with, once its form was checked. */
export interface Asked<Parameters> {
  readonly parameters: Parameters;
  /** The JSON body, of the operation's shape; undefined if it takes none. */
  readonly body: unknown;
  /** Path of the agent's address, such as `/hospital`. */
  readonly base: string;
  /** A header's value; empty if it is absent. */
  readonly header: (name: string) => string;
  /** The body where the operation takes bytes. */
  readonly content: AsyncIterable<Uint8Array>;
  /** True if only the head of the answer is wanted. */
  readonly headOnly: boolean;
}

/** What an answer holds. */
export type Gives =
  | { readonly json: Shape }
  | {
      readonly media: string;
    }
  | { readonly nothing: true };

/**
 * One operation of an agent's door: the one place that says its path, what it takes and gives, and what it does. The
 * routes and the OpenAPI document are made from it alike.
 */
export interface Operation<Parameters extends Readonly<Record<string, Parameter>> = {}> {
  /** Name for programs (`operationId`). */
  readonly id: string;
  readonly tag: 'Network' | 'Requests' | 'Evidence' | 'Files' | 'Explorer';
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the agent's address; parameters in braces. */
  readonly path: '/' | `/v1/${string}`;
  /** What it does, in a sentence. */
  readonly summary: string;
  /** More about it, in Markdown. */
  readonly description?: string;
  readonly parameters: Parameters;
  /** The JSON body; `bytes` is a body of any bytes. */
  readonly takes?: Shape | 'bytes';
  /** True if the agent checks the body's form itself, each member of a list alone. */
  readonly checkedInside?: true;
  /** Headers that it reads where they are there, with what they do. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What `Authorization` must hold. */
  readonly authorization?: 'Bearer' | 'Upload';
  /** What it answers with, by status. */
  readonly gives: Readonly<Partial<Record<200 | 201 | 202 | 204 | 206, Gives>>>;
  /** Codes that it may answer with, beside those of every operation. */
  readonly refuses: readonly ErrorCode[];
  answer(agent: AgentPort, asked: Asked<ParametersOf<Parameters>>): Promise<Reply>;
}

/** An operation whose parameters are not told apart: what routes and the document are made of. */
export type AnyOperation = Omit<Operation, 'parameters' | 'answer'> & {
  readonly parameters: Readonly<Record<string, Parameter>>;
  answer(agent: AgentPort, asked: Asked<never>): Promise<Reply>;
};

/**
 * Says what an operation is, with its parameters typed by what they are.
 *
 * @param of - The operation.
 */
export function operation<const Parameters extends Readonly<Record<string, Parameter>>>(
  of: Operation<Parameters>,
): AnyOperation {
  return of;
}
