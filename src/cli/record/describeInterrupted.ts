/**
 * Says what is certain of a file that is being added, if Ctrl-C ends the command now.
 *
 * @param added - Number of its records on the chart.
 * @param mayBeMore - True if the entry of another may have been sent.
 * @param isKnown - True if the device knows the file again, and adds only the rest of it.
 */
export function describeInterrupted(added: number, mayBeMore: boolean, isKnown: boolean): string {
  const some = added === 1 ? '1 record of the file is' : `${added} records of the file are`;
  const others = mayBeMore ? 'one more may be: "record list" shows it then.' : 'the rest is not.';
  const one = 'A record of the file may be on the chart: "record list" shows it then.';
  const none = mayBeMore ? one : 'Nothing of the file is on the chart.';
  const standing = added === 0 ? none : `${some} on the chart; ${others}`;
  return isKnown ? `${standing} Run it again: it goes on from there.` : standing;
}
