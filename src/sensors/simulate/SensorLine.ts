import { BYTES32, ADDRESS, OneOf } from '../../protocol/wire/findShapeError.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { KeysTold } from '../../protocol/sensors/DeviceKeys.ts';
import type { MessageSigned } from '../../protocol/sensors/signReadings.ts';

/** A device's right as its gateway tells it. */
export const BINDING_HEARD = {
  format: new OneOf('medseal-binding/1'),
  device: ADDRESS,
  grant: BYTES32,
  categories: ['text'],
  from: 'count',
  until: 'count',
} as const;

/** State of a batch as its device is told. */
export const BATCH_HEARD = {
  digest: BYTES32,
  state: new OneOf('stored', 'entered', 'refused'),
  'log?': 'text',
  'index?': 'count',
  'code?': 'text',
  'message?': 'text',
  'values?': 'any',
} as const;

/** Error as a device is told it: about a batch, about a right, or else about something that it sent lately. */
export const ERROR_HEARD = {
  'digest?': BYTES32,
  'grant?': BYTES32,
  code: 'text',
  'message?': 'text',
  'values?': 'any',
  again: 'boolean',
} as const;

/** Words that a device hears from its gateway. */
export interface SensorEars {
  /** The line is open again: what was sent before may be lost. */
  reopened(): void;
  bound(binding: Of<typeof BINDING_HEARD>): void;
  told(state: Of<typeof BATCH_HEARD>): void;
  /** An answer to a question for keys, which is not verified. */
  keys?(told: KeysTold): void;
  failed(error: Of<typeof ERROR_HEARD>): void;
}

/** A device's line to its gateway. It may lose what is sent: only what is heard counts. */
export interface SensorLine {
  /** Sends the announcement. */
  announce(hello: string): void;
  send(batch: MessageSigned): void;
  /** Sends a question for keys. */
  ask(question: string): void;
  close(): Promise<void>;
}
