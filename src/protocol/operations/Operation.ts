import type { Shape } from '../wire/findShapeError.ts';
import type { Parameter } from './parameters.ts';

/** Content of an answer. */
export type Gives =
  | { readonly json: Shape }
  | {
      readonly media: string;
    }
  | { readonly nothing: true };

/** Those who may call an operation: anyone, who signed what is sent, or who holds the ticket of a release. */
export type Callers = 'anyone' | 'signer' | 'ticket';

/** An operation of an agent as it goes over HTTP: its path, who may call it, what it takes and what it gives. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the agent's address; parameters in braces. */
  readonly path: '/' | `/v1/${string}`;
  readonly callers: Callers;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** The JSON body; `bytes` is a body of any bytes. */
  readonly takes?: Shape | 'bytes';
  /** True if the agent checks the body's form itself, each member of a list alone. */
  readonly checkedInside?: true;
  /** Scheme that `Authorization` must have. */
  readonly authorization?: 'Bearer' | 'Upload';
  /** Contents of its answers, by status. */
  readonly gives: Readonly<Partial<Record<200 | 201 | 202 | 204 | 206, Gives>>>;
  /**
   * True if readers check each part of the answer: coordinators wrote the parts, and a malformed one must not cost the
   * others.
   */
  readonly checkedByReader?: true;
}
