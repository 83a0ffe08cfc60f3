/**
 * Says that a change has to wait until the one before it is made.
 *
 * @param what - The office or the stake.
 * @param change - Number of the change before it.
 * @param from - First second at which that one is in force.
 */
export function notMade(what: string, change: number, from: number): string {
  const moment = new Date(1000 * from).toISOString();
  return `change ${change} of ${what} is not made yet: publish this one once that is in force, from ${moment} on`;
}
