import { ACKNOWLEDGEMENT } from './acknowledgementShape.ts';
import type { ChainPart, History, Receipt, SavedChain } from '../evidence/evidence.ts';
import { ADDRESS, BYTES32, OneOf, type Pattern } from '../wire/findShapeError.ts';
import type { Hex } from '../ids.ts';
import {
  CHAIN_ENTRY,
  BATCH_HEADER,
  ENTRY_PROOF,
  SIGNED_CHECKPOINT,
  SIGNED_TALLY,
} from './answerShapes.ts';
import { shapeOfType } from './shapeOfType.ts';

/** Shapes of saved files of evidence. */

const HASHES: Pattern<Hex> = /^0x(?:[0-9a-f]{64})*$/;

/** `Receipt` */
export const RECEIPT = shapeOfType<Receipt>('Receipt')({
  format: new OneOf('medseal-receipt/1'),
  acknowledgement: ACKNOWLEDGEMENT,
  ...ENTRY_PROOF.shape,
});

/** `History` */
export const HISTORY = shapeOfType<History>('History')({
  format: new OneOf('medseal-history/1'),
  checkpoint: SIGNED_CHECKPOINT,
  entries: HASHES,
});

const CHAIN_PART = shapeOfType<ChainPart>('ChainPart')({
  log: 'text',
  checkpoint: SIGNED_CHECKPOINT,
  entries: [CHAIN_ENTRY],
  tallies: [SIGNED_TALLY],
});

/** `SavedChain` */
export const CHAIN = shapeOfType<SavedChain>('SavedChain')({
  format: new OneOf('medseal-chain/1'),
  handle: BYTES32,
  'party?': ADDRESS,
  acknowledgement: ACKNOWLEDGEMENT,
  parts: [CHAIN_PART],
  blocks: [BATCH_HEADER],
});
