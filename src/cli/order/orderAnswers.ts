import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import { RESOURCE } from '../../protocol/shapes/resourceShape.ts';

/** Shapes of what the verbs about orders print with `--json`. */

/** An order as its chart has it. */
export const ORDER_TOLD = {
  /** Record of the order. */
  order: BYTES32,
  handle: BYTES32,
  orderer: ADDRESS,
  'laboratory?': ADDRESS,
  state: new OneOf('requested', 'in-progress', 'completed', 'cancelled'),
  /** By whose word a result is critical that waits for the sign-off: the report’s on the chart, or only a letter’s; absent if nobody says so. */
  'critical?': new OneOf('chart', 'letter'),
  /** The order as a FHIR R4 Task, made of the chart. */
  task: RESOURCE,
  reports: [
    {
      record: BYTES32,
      version: 'count',
      author: ADDRESS,
      status: 'text',
      /** Unix seconds. */
      at: 'count',
      critical: 'boolean',
      signedOff: 'boolean',
      /** Results that this party cannot open. */
      unseen: 'count',
    },
  ],
  /** Records of the reports that whoever ordered has not signed off. */
  toSignOff: [BYTES32],
} as const;

/** `order list` */
export const ORDERS_LISTED = {
  /** Open orders, those with a critical result first, by the chart or by a letter. */
  orders: [ORDER_TOLD],
  /** Orders that could not be read on their charts. */
  unread: [
    {
      order: BYTES32,
      handle: BYTES32,
      orderer: ADDRESS,
      /** Code of the error; absent if the chart of this node does not have the order yet. */
      'code?': 'text',
      /** True if the laboratory says that it has no access to the chart. */
      unreadable: 'boolean',
      /** True if the laboratory’s letter calls a result critical. */
      critical: 'boolean',
    },
  ],
  /** Charts that could not be read, or some records of them: orders or results of theirs may be missing. */
  unreadCharts: [
    {
      handle: BYTES32,
      /** Records that may be orders, reports or results. */
      records: [BYTES32],
      /** Code of the error; absent if only these records could not be read. */
      'code?': 'text',
    },
  ],
} as const;

/** `order answer` */
export const ORDER_ANSWERED = {
  order: BYTES32,
  /** Records of the report and its results; none if the orderer was only told that there is no access. */
  records: [BYTES32],
  /** True if whoever ordered was told by a letter. */
  told: 'boolean',
} as const;

/** `order sign-off` */
export const ORDER_SIGNED_OFF = {
  order: BYTES32,
  /** Record of the sign-off. */
  record: BYTES32,
  already: 'boolean',
  /** Records that could not be read, which the sign-off names. */
  unread: [BYTES32],
} as const;

/** `order withdraw` */
export const ORDER_WITHDRAWN = {
  order: BYTES32,
  already: 'boolean',
} as const;
