import { confirmFacts } from '../../../src/client/index.ts';
import type { PartyFacts } from '../../../src/protocol/evidence/facts.ts';
import type { Address, Handle } from '../../../src/protocol/ids.ts';
import { confirmTogether } from './confirmTogether.ts';
import type { Others } from './Others.ts';
import type { Session } from './Session.ts';

/** Somebody whom something concerns that is signed, as the quorum knows them now. */
export interface OtherConfirmed {
  /** Absent for a chart that the organisations do not know. */
  readonly address?: Address;
  /** True if the party gets something by what is signed. */
  readonly gets: boolean;
  /** Absent if the organisations know nobody of this address. */
  readonly facts?: PartyFacts;
}

/**
 * Names all others whom something concerns that is signed, so that a screen knows whether it is about the same ones.
 *
 * @param session - The person who signs, who is not among them.
 * @param others - The named.
 * @returns Empty if there is nobody else.
 */
export function othersKey(session: Session, others: Others): string {
  const { to, about, charts } = namedIn(session, others);
  return [to, about, charts].some((each) => each.length > 0)
    ? [to, about, charts].map((each) => each.join()).join(';')
    : '';
}

/**
 * Asks the quorum who the others are whom something concerns that is signed: by the request's own fields, whatever a screen shows.
 *
 * @param session - The person who signs.
 * @param others - The named.
 * @throws MedsealError what `confirmFacts` throws.
 */
export async function confirmOthers(
  session: Session,
  others: Others,
): Promise<readonly OtherConfirmed[]> {
  const { party } = session;
  const { to, about, charts } = namedIn(session, others);
  const controllers = await Promise.all(
    charts.map(async (handle) => (await confirmFacts(party, { handle })).patient?.controller),
  );
  const known = new Set<Address | undefined>([...to, party.address]);
  const rest = [...about, ...controllers].filter((address) => {
    const isNew = address === undefined || !known.has(address);
    known.add(address);
    return isNew;
  });
  const confirm = async (address: Address | undefined, gets: boolean): Promise<OtherConfirmed> => {
    const facts = address && (await confirmTogether(party, address));
    return { ...(address && { address }), gets, ...(facts && { facts }) };
  };
  return await Promise.all([
    ...to.map(async (address) => await confirm(address, true)),
    ...rest.map(async (address) => await confirm(address, false)),
  ]);
}

/**
 * Tells whether somebody who gets something by what is signed is unknown or suspended: nothing is signed then.
 *
 * @param confirmed - The others.
 */
export function mayNotGet({ gets, facts }: OtherConfirmed): boolean {
  return gets && (facts === undefined || facts.suspended);
}

/**
 * Tells whether two answers say the same of the same people: role, organisation, standing and key.
 *
 * @param shown - The answer that the person read.
 * @param now - The quorum's answer when the person signs.
 */
export function isUnchanged(
  shown: readonly OtherConfirmed[],
  now: readonly OtherConfirmed[],
): boolean {
  return shown.length === now.length && shown.every((each, at) => saidOf(each) === saidOf(now[at]));
}

function saidOf(other: OtherConfirmed | undefined): string {
  const { role, organisation, suspended, recipient } = other?.facts ?? {};
  return JSON.stringify([other?.address, role, organisation, suspended, recipient]);
}

function namedIn(
  { party, handle }: Session,
  others: Others,
): {
  readonly to: readonly Address[];
  readonly about: readonly Address[];
  readonly charts: readonly Handle[];
} {
  const { to = [], about = [], charts = [] } = typeof others === 'string' ? {} : others;
  const isOther = (address: Address): boolean => address !== party.address;
  return {
    to: [...new Set(to)].filter(isOther),
    about: [...new Set(about)].filter(isOther),
    charts: [...new Set(charts)].filter((each) => each !== handle),
  };
}
