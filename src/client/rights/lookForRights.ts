import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { confirmRight, keepConfirmed, knownRights, type KnownRight } from '../party/knownRights.ts';
import type { Party } from '../party/Party.ts';

/** Number of rights that are confirmed at once. */
const AT_ONCE = 8;

/** Rights of a party as its agent tells them. */
export interface RightsLooked {
  /** Rights that the device did not know; k coordinators confirmed them. */
  readonly added: readonly KnownRight[];
  /** Digests of all standing rights that the agent listed. It may leave some out: one that is absent proves nothing. */
  readonly listed: ReadonlySet<Bytes32>;
}

/**
 * Asks the agent for the party's standing rights, and keeps those that the device does not know.
 *
 * @param party - The grantee.
 * @throws MedsealError `KEY_UNAUTHENTIC`.
 */
export async function lookForRights(party: Party): Promise<RightsLooked> {
  const added: KnownRight[] = [];
  const listed = new Set<Bytes32>();
  const known = new Set((await knownRights(party)).map(({ digest }) => digest));
  for (let after: Bytes32 = ZERO32, more = true; more;) {
    const page = await findAfter(party, after);
    const own = page.rights.flatMap((each) => ownRight(party, each) ?? []);
    for (const { digest } of own) listed.add(digest);
    const offered = own.filter(({ grant }) => grant.terms.until > seconds(party.clock));
    const fresh = offered.filter(({ digest }) => !known.has(digest));
    const confirmed = await standing(party, fresh);
    added.push(...(await keepConfirmed(party, confirmed)));
    const last =
      own
        .map(({ digest }) => digest)
        .toSorted()
        .at(-1) ?? after;
    // An agent that makes rights up would otherwise keep the device busy for ever.
    const isTrue = offered.length > fresh.length || confirmed.length > 0;
    more = page.more === true && isTrue && last > after;
    after = last;
  }
  return { added, listed };
}

/**
 * Returns those rights that k coordinators still confirm, asked a few at once: a node serves nobody alone.
 *
 * @param party - The grantee.
 * @param rights - Openings, with their digests.
 * @throws MedsealError `KEY_UNAUTHENTIC`.
 */
export async function standing(
  party: Party,
  rights: readonly KnownRight[],
): Promise<readonly KnownRight[]> {
  const confirmed: KnownRight[] = [];
  for (let from = 0; from < rights.length; from += AT_ONCE) {
    const few = rights.slice(from, from + AT_ONCE);
    const found = await Promise.all(few.map(async (each) => await ifStanding(party, each)));
    confirmed.push(...found.filter((each) => each !== undefined));
  }
  return confirmed;
}

async function findAfter(
  party: Party,
  after: Bytes32,
): Promise<{ readonly rights: readonly unknown[]; readonly more: unknown }> {
  const request = sign(party, party, 'FindRights', {
    after,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  });
  const given: unknown = await party.agent.findRights(request);
  const { rights, more } = (given ?? {}) as { readonly rights?: unknown; readonly more?: unknown };
  return { rights: Array.isArray(rights) ? rights : [], more };
}

/** An offered right with its digest; undefined if it is malformed or another party's. */
function ownRight(party: Party, offered: unknown): KnownRight | undefined {
  try {
    const grant = parseMessage('Grant', offered);
    if (grant.terms.grantee !== party.address) return undefined;
    return { grant, digest: digestOf(party, 'Grant', grant) };
  } catch (error) {
    if (!isMedsealError(error, 'REQUEST_MALFORMED')) throw error;
    return undefined;
  }
}

async function ifStanding(party: Party, right: KnownRight): Promise<KnownRight | undefined> {
  try {
    await confirmRight(party, right);
    return right;
  } catch (error) {
    const isRefused =
      isMedsealError(error, 'RIGHT_MISSING') || isMedsealError(error, 'RIGHT_ENDED');
    if (!isRefused) throw error;
    return undefined;
  }
}
