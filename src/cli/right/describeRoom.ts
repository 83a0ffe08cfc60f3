import type { RoomForRights } from '../../client/state/readRoom.ts';
import { calledAs } from '../program/calledAs.ts';

/**
 * Warns a patient whose state has little room for further rights.
 *
 * @param room - As `readRoom` returns it.
 * @returns Lines for people; none while there is room.
 */
export function describeRoom({ taken, isShort }: RoomForRights): readonly string[] {
  if (!isShort) return [];
  return [
    `The memory of your chart is ${Math.floor(taken * 100)} % full. Once it is full, no right can be given, not in an emergency either.`,
    `Rights that are over leave it a day after you end them: ${calledAs('grants')} shows them, and ${calledAs('revoke <id>')} ends one.`,
  ];
}
