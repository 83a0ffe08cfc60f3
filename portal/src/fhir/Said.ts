import type words from '../words/en/fhir.json';

/** A word or sentence of ours about FHIR, in the person's language. */
export type FhirWord = `fhir.${Extract<keyof typeof words, string>}`;

/**
 * The words of a page about a FHIR value. A bare text was written by others and has been made visible; the rest is put into
 * words of the person's language by `sayFhir`.
 */
export type Said = string | OurWord | FhirDate | Span | Amount | AmountRange | Several;

/** Our word, with what stands in its places. */
export interface OurWord {
  readonly word: FhirWord;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** A date as FHIR has it: of a year, a month, a day or a moment. */
export interface FhirDate {
  /** As it was written, such as `2024-03`. */
  readonly date: string;
  readonly precision: 'year' | 'month' | 'day' | 'moment';
  /** Its beginning in Unix milliseconds; days begin in UTC. */
  readonly at: number;
}

/** From one date until another; each may be open. */
export interface Span {
  readonly from?: FhirDate;
  readonly until?: FhirDate;
}

/** A number with its unit. */
export interface Amount {
  /** As it was written, with a point: `7.10` is more precise than `7.1`. */
  readonly amount: string;
  readonly value: number;
  /** For people, such as `mmHg`; empty if there is no unit. */
  readonly unit: string;
  readonly comparator?: '<' | '<=' | '>=' | '>';
}

/** From one amount to another; each may be open. */
export interface AmountRange {
  readonly low?: Amount;
  readonly high?: Amount;
}

/** Several that are said one after the other. */
export interface Several {
  readonly parts: readonly Said[];
  readonly joint: ', ' | ' ' | ': ' | ' / ' | '. ';
}
