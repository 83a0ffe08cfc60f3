import { ADDRESS } from '../../protocol/findShapeError.ts';
import type { Address } from '../../protocol/ids.ts';
import { parseMessage } from '../../protocol/parseSigned.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import { RESOURCE } from '../../protocol/shapes/resourceShape.ts';
import { unlessMalformed } from '../../protocol/unlessMalformed.ts';
import type { LetterKind } from '../letters/LetterKind.ts';
import { DeviceBook, fairly } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';
import type { DispenseTold } from './DispenseTold.ts';
import { contentHash } from './prescriptionRecord.ts';

/** One that waits on the patient's device to be added to the chart. */
export interface DispenseWaiting extends DispenseTold {
  readonly from: Address;
}

/** Dispenses that wait to be added to the chart. */
export const DISPENSES = new DeviceBook({
  name: 'dispenses',
  shape: {
    from: ADDRESS,
    message: messageShape('Dispense'),
    resource: RESOURCE,
  },
  keyOf: ({ message }) => message.terms.salt,
  most: 64,
  within: fairly(16, ({ from }) => from),
});

/** A dispense to the reader, of which a pharmacist tells. */
export const DISPENSE_LETTER: LetterKind = {
  field: 'dispensed',
  take: async (party, { from, content }) => {
    const told = unlessMalformed(() => dispenseIn(party, content.dispensed));
    if (told?.message.terms.pharmacist !== from) return 'refused';
    await DISPENSES.put(party, { from, ...told });
    return { dispenses: 1 };
  },
};

function dispenseIn({ primitives }: Party, told: unknown): DispenseTold | undefined {
  const { message: offered, resource } = told as DispenseTold;
  const message = parseMessage('Dispense', offered);
  return contentHash(primitives, resource) === message.terms.content
    ? { message, resource }
    : undefined;
}
