import type { ChartEvent } from '../../bindings/readChartEvents.ts';
import {
  ADDRESS,
  BYTES32,
  Either,
  MapOf,
  Named,
  OneOf,
  type Shape,
} from '../../protocol/wire/findShapeError.ts';
import { BATCH_HEADER, LEDGER_PLACE, LOG_BATCH } from '../../protocol/shapes/answerShapes.ts';

/** Shapes of what the verbs about evidence print with `--json`. */

/** An event of `audit`. */
export const EVENT_TOLD = {
  log: 'text',
  index: 'count',
  /** The moment, for people; spaces if the text of the event was erased. */
  at: 'text',
  text: 'text',
  'party?': ADDRESS,
  'flag?': new OneOf('A', 'R'),
  'type?': 'text',
  /** Of a view of a record: organisations that say that they released its key. */
  'released?': ['text'],
  /** True for a view of records by which its reader opened all that was on the chart then, alone or with the next ones. */
  'wholeChart?': 'boolean',
  /** Of a view of several records: each that it named, if its list is known, and whether it was released. */
  'records?': [
    {
      record: BYTES32,
      version: 'count',
      accepted: 'boolean',
      'category?': 'text',
      released: ['text'],
    },
  ],
} as const;

/** `audit` */
export const AUDITED = {
  handle: BYTES32,
  events: [EVENT_TOLD],
  /** Events of the contracts; none without `--rpc`. */
  rules: [
    new Named<Shape, ChartEvent>(
      'ChartEvent',
      new MapOf(/^[a-zA-Z]+$/, new Either('text', 'count')),
    ),
  ],
  logs: [
    {
      log: 'text',
      size: 'count',
      listed: 'count',
      complete: 'boolean',
      /** Records that views of several were of, and of which no node told which they are: then the list is not complete. */
      'untold?': 'count',
    },
  ],
  /** With `--fhir`: the file, and its resources; entries that are not valid, or whose text was erased, are not in it. */
  'fhir?': { file: 'text', resources: 'count' },
  faults: ['text'],
  unchecked: ['text'],
} as const;

/** `chain` */
export const CHAIN_SHOWN = {
  genesis: BYTES32,
  blocks: [
    {
      ...BATCH_HEADER.shape,
      safe: 'boolean',
      entries: [
        { log: 'text', index: 'count', entry: BYTES32, at: 'text', text: 'text', safe: 'boolean' },
      ],
    },
  ],
  last: BYTES32,
  faults: ['text'],
} as const;

/** A row of `log`: the log itself, a checkpoint, a batch or an entry. */
export const LOG_ROW = new Either(
  { log: 'text', size: 'count', root: 'text', signatures: 'count' },
  { log: 'text', size: 'count', root: BYTES32, ...LEDGER_PLACE.shape },
  { log: 'text', ...LOG_BATCH.shape },
  { log: 'text', index: 'count', entry: BYTES32 },
);

/** `log --history` */
export const HISTORY_SAVED = { log: 'text', size: 'count', root: BYTES32, file: 'text' } as const;

/** `log` */
export const LOG_SHOWN = new Either({ rows: [LOG_ROW] }, HISTORY_SAVED);
