import { BYTES32 } from '../wire/findShapeError.ts';
import type { Address, Bytes32 } from '../ids.ts';

/** Parameter in the path or in the query. */
export interface Parameter<Value = unknown> {
  readonly in: 'path' | 'query';
  /** Pattern that its text must match. */
  readonly form: RegExp;
  /** True if its text is a number. */
  readonly isNumber: boolean;
  readonly description: string;
  /** Value if it is absent; it must not be absent if there is no such value. */
  readonly otherwise?: Value;
  /** True if its text may hold slashes. */
  readonly hasSlashes?: true;
  /** Parses its text. */
  read(text: string): Value;
}

/** The values of parameters, by name. */
export type ParametersOf<Parameters> = {
  readonly [Name in keyof Parameters]: Parameters[Name] extends Parameter<infer Value>
    ? Value
    : never;
};

/** A whole number of up to 15 digits, in its one spelling. */
const WHOLE = /^(?:0|[1-9][0-9]{0,14})$/;

function inPath<Value>(form: RegExp, description: string): Parameter<Value> {
  return { in: 'path', form, isNumber: false, description, read: (text) => text as Value };
}

/** A party's address in the path. */
export const PARTY: Parameter<Address> = {
  ...inPath<Address>(/^0x[0-9a-fA-F]{40}$/, 'Address of the party, 20 bytes in hexadecimal.'),
  read: (text) => text.toLowerCase() as Address,
};
/** A patient's handle in the path. */
export const HANDLE_PARAMETER = inPath<Bytes32>(
  BYTES32,
  'Handle of the patient, 32 bytes in hexadecimal.',
);
/** A sealed file in the path. */
export const FILE = inPath<Bytes32>(BYTES32, 'SHA-256 of the sealed file, in hexadecimal.');

/** A log in the path: its two halves. */
export const LOG_PARAMETER = {
  channel: inPath<string>(/^[a-z0-9-]{1,31}$/, 'Channel of the log, such as `care`.'),
  organisation: inPath<string>(/^[a-z0-9-]{1,31}$/, 'Organisation whose log it is.'),
} as const;

/** A number in the path. */
export function numberInPath(description: string): Parameter<number> {
  return { in: 'path', form: WHOLE, isNumber: true, description, read: Number };
}

/** A number in the query, with a default. */
export function numberAfter(description: string, otherwise: number): Parameter<number> {
  return { in: 'query', form: WHOLE, isNumber: true, description, otherwise, read: Number };
}

/** The rest of the path. */
export function restOfPath(form: RegExp, description: string): Parameter<string> {
  return { ...inPath<string>(form, description), hasSlashes: true };
}
