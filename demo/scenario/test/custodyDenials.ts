type Denial = readonly [name: string, code: string];

/** Denials of who acts for a patient. */
const ACTING: readonly Denial[] = [
  ['She acts before he gives it', 'RIGHT_MISSING'],
  ['An offer reaches the son that somebody altered', 'SIGNATURE_INVALID'],
  ['The son gives an offer to act for another patient', 'RIGHT_MISSING'],
  ['She writes a record by the mandate', 'RIGHT_MISSING'],
  ['She erases by it', 'RIGHT_MISSING'],
  ['She changes his key by it', 'RIGHT_MISSING'],
  ['She appoints the aunt with more than she may pass on', 'RULE_REFUSED'],
  ['She appoints the aunt for longer than herself', 'RULE_REFUSED'],
  ['The aunt sees who saw what, which nobody let her', 'RIGHT_MISSING'],
  ['The aunt appoints the doctor in turn', 'SIGNATURE_INVALID'],
  ['The aunt reads his chart after that', 'RIGHT_ENDED'],
  ['She reads his chart after that', 'RIGHT_ENDED'],
  ['She gives a right after that', 'RIGHT_ENDED'],
  ['She sees who saw what after that', 'RIGHT_ENDED'],
  ['The son gives the same mandate again', 'RIGHT_ENDED'],
  ['Somebody leaks that sealed letter to her, with all she kept', 'SEAL_UNREADABLE'],
];
const ACTING_LATER: readonly Denial[] = [
  ['She reads his chart a day later, on a ledger that stands still', 'RIGHT_ENDED'],
  ['The son gives what she offered more than a week ago', 'RIGHT_ENDED'],
];

/** Denials of a lost key. */
const LOST: readonly Denial[] = [
  ['The son asks for what opens a chart after a recovery, though he lost nothing', 'RIGHT_MISSING'],
  ['One member of the authority too few signs', 'SIGNATURE_INVALID'],
  ['The new key signs for the locum before the delay is over', 'SIGNATURE_INVALID'],
  ['Another doctor stops it', 'RULE_REFUSED'],
  ['The locum stops what nobody began', 'RULE_REFUSED'],
];
const LOST_LATER: readonly Denial[] = [
  ['Somebody who found the old device signs with the lost key', 'SIGNATURE_INVALID'],
  ['The lost key stops what is finished', 'SIGNATURE_INVALID'],
  ['The late receipt is shown with another authority', 'EVIDENCE_INVALID'],
  ['The new key asks for what opens her chart before the delay is over', 'SIGNATURE_INVALID'],
  ['The lost key asks for it, as nobody has recovered that one', 'RIGHT_MISSING'],
  ['Another asks for what opens her chart', 'RIGHT_MISSING'],
  ['She asks for the state that is sealed for a later loss', 'RIGHT_MISSING'],
  ['Somebody who found the phone opens the chart with the lost key', 'SIGNATURE_INVALID'],
  ['The lost key stops the recovery of the patient that is finished', 'SIGNATURE_INVALID'],
];

/** Denials of a correction in its term. */
const TERM: readonly Denial[] = [
  ['Another who may add reports answers it', 'LINE_OF_ANOTHER'],
  ['The son answers himself', 'ARGUMENT_INVALID'],
  ['The author says that a version amends it, which nobody wrote', 'ARGUMENT_INVALID'],
  ['The author asks who read it, in the place of the patient', 'RIGHT_MISSING'],
];

/**
 * Steps of custody that must be refused, each with its code.
 *
 * @param stage - Tells whether days pass there, and whether the keys of the authority's members are there.
 */
export function custodyDenials(stage: {
  readonly days: boolean;
  readonly authority: boolean;
}): readonly Denial[] {
  const { days, authority } = stage;
  return [
    ...ACTING,
    ...(days ? ACTING_LATER : []),
    ...(authority ? LOST : []),
    ...(authority && days ? LOST_LATER : []),
    ...TERM,
  ];
}
