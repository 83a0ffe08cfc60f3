/** Reason why pictures have nobody who wears a device. */
const GROWS = 'a device that measures adds records every ten seconds';
/** Reason why pictures have no blocks. */
const BLOCKS = 'the time at which transactions come decides which of them share a block';

/** Sights of which no picture is kept, by the names of who sees them and of what, each with the reason. */
export const NOT_KEPT: Readonly<Record<string, string>> = {
  'patient-evidence':
    'minutes decide how lines are put together, and keys the order of their titles',
  'visitor-explorer': BLOCKS,
  'visitor-block': BLOCKS,
  'visitor-transaction': BLOCKS,
  'patient-readings': GROWS,
  'patient-readings-table': GROWS,
  'patient-readings-short': GROWS,
  'patient-device-name': GROWS,
  'patient-device-pin': GROWS,
  'patient-end-device': GROWS,
};
