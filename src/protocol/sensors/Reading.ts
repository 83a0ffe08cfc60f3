import { Either, ListOf } from '../wire/findShapeError.ts';

/** A number that a sensor measured. */
export interface NumberReading {
  /** Time in milliseconds, in the unit of the batch's header. */
  readonly at: number;
  /** Context-free code of ISO/IEEE 11073-10101 (MDC), such as 149530 for a pulse rate. */
  readonly code: number;
  /** Measured value, in the unit that the code has in Medseal's table. */
  readonly value: number;
}

/** A piece of a curve: samples at one distance. */
export interface CurveReading {
  /** Time of the first sample in milliseconds, in the unit of the batch's header. */
  readonly at: number;
  /** Context-free MDC code, such as 131330 for ECG lead II. */
  readonly code: number;
  /** Distance of two samples in milliseconds, more than 0; a fraction is allowed. */
  readonly period: number;
  /** Units of one step of the data: the value of a sample is `origin + data × factor`. */
  readonly factor: number;
  /** Value of a sample that is 0; 0 if absent. */
  readonly origin?: number;
  /** Samples as whole numbers, from 1 to 100,000 of them. */
  readonly data: readonly number[];
}

/** One reading of a device: a line of its message, as JSON. */
export type Reading = NumberReading | CurveReading;

const NUMBER = { at: 'count', code: 'count', value: 'number' } as const;
const CURVE = {
  at: 'count',
  code: 'count',
  period: 'number',
  factor: 'number',
  'origin?': 'number',
  data: new ListOf('number', 100_000, 1),
} as const;

/** Exactly a `Reading`. */
export const READING = new Either<readonly [typeof NUMBER, typeof CURVE], Reading>(NUMBER, CURVE);
