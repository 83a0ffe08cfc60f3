/** Answers of one door of a node. */
export interface DoorAnswers {
  /** Name of the server: of parties, of other organisations, or of tools of the ledger. */
  readonly door: string;
  readonly given: number;
  readonly refused: number;
  readonly broke: number;
}

/**
 * Sums the answers of each door by what became of the request: given, refused (4xx), or failed (5xx).
 *
 * @param answered - Answers by door and status, such as `agents 200`.
 */
export function answersByDoor(answered: Readonly<Record<string, number>>): readonly DoorAnswers[] {
  const doors = new Map<string, DoorAnswers>();
  for (const [name, count] of Object.entries(answered)) {
    const [door = '', status = ''] = name.split(' ');
    const sums = doors.get(door) ?? { door, given: 0, refused: 0, broke: 0 };
    const kind = status.startsWith('5') ? 'broke' : status.startsWith('4') ? 'refused' : 'given';
    doors.set(door, { ...sums, [kind]: sums[kind] + count });
  }
  return [...doors.values()];
}
