/** Meanings of the loss of a file of a device, by how its name begins. Examinations must find the loss of any other. */
const LOSSES: readonly (readonly [begins: string, why: string])[] = [
  ['acknowledged-', 'a reader elsewhere waits for an entry for some seconds, or does not'],
  ['added-record-', 'content that was withdrawn and is added again counts as added'],
  ['added-', 'content that is added again is on the chart once more, and its chart shows both'],
  ['asked.', 'requests for access are known to the party’s other devices'],
  ['checkpoint-', 'the device takes the next checkpoint that coordinators confirm as its first'],
  ['dispense-', 'a dispense that is repeated counts once more, or is refused by the ledger'],
  ['dispenses.', 'a dispense that waited is told on the ledger, and not on the chart'],
  [
    'held-letters',
    'a letter that nobody could judge yet is lost; what it told stands on the ledger',
  ],
  ['issued.', 'units that are issued again are issued once more; the ledger tells both'],
  ['mistakes.', 'reports of mistakes are known to the party’s other devices'],
  [
    'outbox.',
    'a step that was cut off is signed again: it counts once more, or the ledger refuses it',
  ],
  ['prescription-', 'an order that is repeated is issued once more, and its chart shows both'],
  ['rights.', 'the device asks coordinators for the rights of its party again'],
];

/**
 * Tells what it means that a device lost a file, if that harms nobody: a new device of the party has none of them either.
 *
 * @param path - The file's path in the data folder.
 * @returns Undefined if the loss has to be found.
 */
export function harmlessLoss(path: string): string | undefined {
  const [, name] = /^(?:parties|authority)\/[\w-]+\/device\/(.*)$/.exec(path) ?? [];
  return LOSSES.find(([begins]) => name?.startsWith(begins))?.[1];
}
