import { CLAIM_STEP_LETTER } from '../claims/keptClaimSteps.ts';
import { DISPENSE_LETTER } from '../prescriptions/dispenseLetter.ts';
import { ORDER_ANSWER_LETTER, ORDER_LETTER } from '../orders/orderLetters.ts';
import { WILL_LETTER } from '../vital/keptWills.ts';
import { ANSWER_LETTER } from '../../letters/answerLetter.ts';
import type { LetterKind } from '../../letters/LetterKind.ts';
import { REPORT_ANSWER_LETTER, REPORT_LETTER } from '../../letters/reportLetters.ts';
import { REQUEST_LETTER } from '../../letters/requestLetter.ts';
import { RIGHT_LETTER } from '../../letters/rightLetter.ts';

/** The kinds of letters from others. A letter can be of several: the answer to a request may hand over a right. */
export const LETTER_KINDS: readonly LetterKind[] = [
  RIGHT_LETTER,
  REQUEST_LETTER,
  ANSWER_LETTER,
  REPORT_LETTER,
  REPORT_ANSWER_LETTER,
  WILL_LETTER,
  DISPENSE_LETTER,
  CLAIM_STEP_LETTER,
  ORDER_LETTER,
  ORDER_ANSWER_LETTER,
];
