import type { Point } from './fitExponent.ts';

/** One figure of a bench, beside what it is measured against. */
export interface Reading {
  readonly what: string;
  /** Number of items at once; 1 for one alone. */
  readonly batch: number;
  readonly value: number;
  readonly unit: string;
  /** A known task, measured in the same run, that shows how fast the machine was. */
  readonly reference?: { readonly what: string; readonly value: number };
  /** The figure as a share of the reference, or of what takes as long. */
  readonly ratio?: number;
  /** The value to reach. */
  readonly target?: string;
}

/** A point of a growth curve. */
export interface CurvePoint {
  readonly curve: CurveName;
  readonly point: Point;
}

/** Result of a run of a bench. */
export interface WorkloadResult {
  readonly readings?: readonly Reading[];
  readonly points?: readonly CurvePoint[];
  /** Notes in words. */
  readonly notes?: readonly (readonly [string, string])[];
}

/** A bench, or a part of one, as the runner runs it. */
export interface Workload {
  readonly name: string;
  /** The method in one sentence. */
  readonly method: string;
  /** The programs and their arguments, one after the other; `full` if it differs from `quick`. */
  readonly quick: readonly (readonly string[])[];
  readonly full?: readonly (readonly string[])[];
  /** Reads what the program printed, which JSON says nothing about the form of. */
  readonly read: (printed: never, args: readonly string[]) => WorkloadResult;
}

/** Title and axes of each curve. */
export const CURVES = {
  'log-entries': {
    title: 'An entry in a log that grows',
    x: 'entries in the log',
    y: 'processor per entry, in what making one takes',
    bound:
      'Making an entry (random bytes, JSON, a hash) is the same work at every size and measured right after each, so that a machine which is faster at one size than at another does not show as growth. Rows are appended in the order of their places, answers to requests nearly in that of deadlines, and the tree keeps its right edge: what grows is the merging in LevelDB, which begins some ten thousand entries late and then comes to one level more for each factor of ten.',
  },
  'log-proof': {
    title: 'A proof from a log that grows',
    x: 'entries in the log',
    y: 'µs per inclusion proof',
    bound:
      'A proof has log₂ n hashes; every fourth level is kept, the others are made from 16 kept ones.',
  },
  'log-patients': {
    title: 'An entry in a log about many patients',
    x: 'patients',
    y: 'µs of processor per entry',
    bound: 'The number of patients only changes where a row of an index stands.',
  },
  entries: {
    title: 'A whole evidence request and the length of the log',
    x: 'entries in the log',
    y: 'processor per entry, in signature verifications',
    bound:
      'Verification and judging are the same at every length; what rises is what databases merge. That each entry is of another file of the vault counts here as well.',
  },
  parties: {
    title: 'A whole evidence request and the number of parties',
    x: 'parties',
    y: 'µs of processor per entry',
    bound:
      'Rights are looked up by hash in memory. Ends of rights are in memory for 10,000 patients at a time; beyond that each is one look-up in a database more.',
  },
  organisations: {
    title: 'A whole evidence request and the number of organisations that judge',
    x: 'organisations',
    y: 'µs of processor per entry',
    bound:
      'Every organisation verifies each signature, keeps each body and holds each file for itself, so it grows as they do; what the agent and the log do, it shares among them.',
  },
  devices: {
    title: 'A batch of readings and the number of devices',
    x: 'devices',
    y: 'µs of processor per batch',
    bound:
      'Devices cost what their batches cost. The more send at the same moment, the more batches share an array, a commit and a verdict.',
  },
} as const;

/** A name of a curve. */
export type CurveName = keyof typeof CURVES;
