/** Shapes of what the verbs about simulated sensors print with `--json`. */

/** `sensors simulate`, when it is done. */
export const SENSORS_SIMULATED = {
  /** The same label gives the same devices. */
  label: 'text',
  /** The codes that the devices show. */
  devices: ['text'],
  /** Batches that were signed. */
  batches: 'count',
  /** Batches that the gateway has on its disk. */
  stored: 'count',
  /** Batches of which a device was told, while it ran, that they are on the chart; over HTTP nobody tells it. */
  entered: 'count',
  /** Batches that were refused for good. */
  refused: 'count',
  /** Batches that were overwritten before the gateway had them. */
  overwritten: 'count',
  /** Batches that devices still kept when they were stopped: they are lost. */
  kept: 'count',
  /** Errors that devices were told, by code. */
  errors: [{ code: 'text', count: 'count' }],
} as const;
