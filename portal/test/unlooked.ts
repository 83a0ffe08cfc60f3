/**
 * Returns complaints but those of a look for letters that was on its way while the key changed: the nodes refuse its former key.
 *
 * @param complaints - Complaints of a browser.
 */
export function unlooked(complaints: readonly string[]): readonly string[] {
  return complaints.filter((each) => !/401 .*\/v1\/letters\/collect$/.test(each));
}
