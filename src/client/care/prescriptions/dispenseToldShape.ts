import { messageShape, signedShape } from '../../../protocol/shapes/messageShape.ts';
import { RESOURCE } from '../../../protocol/shapes/resourceShape.ts';
import { shapeOfType } from '../../../protocol/shapes/shapeOfType.ts';
import { SIGNATURE } from '../../../protocol/wire/findShapeError.ts';
import type { DispenseTold } from '../../letters/DispenseTold.ts';

/** Shape of a `DispenseTold`. */
export const DISPENSE_TOLD = shapeOfType<DispenseTold>('DispenseTold')({
  request: signedShape('Dispense'),
  cosignature: SIGNATURE,
  prescription: messageShape('Prescription'),
  order: RESOURCE,
  resource: RESOURCE,
});
