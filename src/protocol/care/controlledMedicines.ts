import type { NetworkFile } from '../network/NetworkFile.ts';
import type { PrescriptionTerms } from './prescriptions.ts';

/** The most codes of a channel's list. */
export const MOST_CONTROLLED = 500;
/** A code as FHIR writes a token: system, `|`, code. In a list it may end with `*`, for all that begin so. */
const CODE = /^[^\s|,*]{1,80}\|[^\s|,*]{1,40}$/;

/**
 * Tells whether this is a list of controlled medicines.
 *
 * @param list - Not trusted.
 */
export function areControlled(list: unknown): list is readonly string[] {
  return (
    Array.isArray(list) &&
    list.length > 0 &&
    list.length <= MOST_CONTROLLED &&
    new Set(list).size === list.length &&
    list.every((each) => typeof each === 'string' && CODE.test(each.replace(/\*$/, '')))
  );
}

/**
 * Tells whether a prescription needs the signature of a second doctor: its prescriber says so, or the network's list
 * does. In a network with a list, a medicine without a code needs it too, and one with a code of a system that the list
 * does not have: nobody could tell.
 *
 * @param network - The network file.
 * @param terms - The prescription's terms.
 */
export function needsSecond(
  { channels }: Pick<NetworkFile, 'channels'>,
  { controlled, code }: Pick<PrescriptionTerms, 'controlled' | 'code'>,
): boolean {
  const list = channels.flatMap((channel) => channel.controlled ?? []).map(folded);
  if (controlled || list.length === 0) return controlled;
  const given = folded(code);
  const isKnown = CODE.test(given) && list.some((each) => systemOf(each) === systemOf(given));
  return !isKnown || list.some((each) => covers(each, given));
}

function covers(listed: string, code: string): boolean {
  return listed.endsWith('*') ? code.startsWith(listed.slice(0, -1)) : code === listed;
}

function systemOf(code: string): string {
  return code.slice(0, code.indexOf('|'));
}

/** No system of medicines tells two codes apart by case alone. */
function folded(code: string): string {
  return code.toLowerCase();
}
