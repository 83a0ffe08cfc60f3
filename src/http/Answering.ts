import type { ErrorCode } from '../errors/catalogue.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { Of } from '../protocol/struct/Of.ts';
import type { BodyOf, GivenBy, ParametersFor } from '../protocol/operations/typesOf.ts';
import type { OperationId } from '../protocol/operations/operations.ts';
import type { HTTP_PROBLEM } from '../protocol/shapes/answerShapes.ts';
import type { Reply } from './Reply.ts';

/** Input of an operation, once its form was checked. */
export interface Asked<Id extends OperationId> {
  readonly parameters: ParametersFor<Id>;
  /** The JSON body; undefined if the operation takes none. */
  readonly body: BodyOf<Id>;
  /** Path of the agent's address, such as `/hospital`. */
  readonly base: string;
  /** A header's value; empty if it is absent. */
  readonly header: (name: string) => string;
  /** The body, if the operation takes bytes. */
  readonly content: AsyncIterable<Uint8Array>;
  /** True if the portal is served below the same path. */
  readonly hasPortal: boolean;
  /** True if anyone may read the ledger here. */
  readonly opensLedger: boolean;
  /** True if the caller wants only the head of the answer. */
  readonly headOnly: boolean;
}

/** The server's answer to an operation of the table, and the words that describe it. */
export interface Answering<Id extends OperationId> {
  readonly tag: 'Network' | 'Requests' | 'Evidence' | 'Files' | 'Explorer';
  /** Description in a sentence. */
  readonly summary: string;
  /** Further description, in Markdown. */
  readonly description?: string;
  /** Optional headers that it reads, with their effect. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Codes that it may answer with, besides those of every operation. */
  readonly refuses: readonly ErrorCode[];
  /** The few places that it needs one of, besides that of any request. */
  readonly place?: 'ledger' | 'question';
  /** Returns the further cost of a request in its caller's rate limit, by its body. */
  readonly cost?: (body: BodyOf<Id>) => number;
  answer(agent: AgentPort, asked: Asked<Id>): Promise<Reply<GivenBy<Id> | Of<typeof HTTP_PROBLEM>>>;
}

/**
 * Defines how some operations of the table are answered, each with the types of what it takes and gives.
 *
 * @param of - The answers, by operation.
 */
export function answering<Ids extends OperationId>(of: {
  readonly [Id in Ids]: Answering<Id>;
}): { readonly [Id in Ids]: Answering<Id> } {
  return of;
}
