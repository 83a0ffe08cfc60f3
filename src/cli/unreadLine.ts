/**
 * Says that a list may lack something, if records could not be read.
 *
 * @param unread - Number of these records.
 * @returns Nothing if all could be read.
 */
export function unreadLine(unread: number): readonly string[] {
  return unread === 0
    ? []
    : [`The list may lack some: records that could not be read now: ${unread}. Try again later.`];
}
