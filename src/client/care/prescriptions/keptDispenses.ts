import { DeviceBook, fairly } from '../../party/DeviceBook.ts';
import { DISPENSE_TOLD } from './dispenseToldShape.ts';

/** Dispenses that were proven, and wait on the patient's device to be added to the chart. */
export const DISPENSES = new DeviceBook({
  name: 'dispenses',
  shape: DISPENSE_TOLD,
  keyOf: ({ request }) => request.message.terms.salt,
  most: 256,
  within: fairly(64, ({ request }) => request.party),
});
