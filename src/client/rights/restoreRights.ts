import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { parseMessage } from '../../protocol/parseSigned.ts';
import { digestOf, sign } from '../../protocol/signing.ts';
import { confirmRight, keepConfirmed, knownRights, type KnownRight } from '../party/knownRights.ts';
import type { Party } from '../party/Party.ts';

/** Number of rights that are confirmed at once. */
const AT_ONCE = 8;

/**
 * Brings the party's rights to a device: a new one, or one whose letters another device took. The seed is enough: nodes
 * keep the opening of each standing grant, and tell it to its grantee alone. The device takes none of them before k
 * coordinators confirm that the ledger has it.
 *
 * @param party - The grantee, opened from the phrase on a device that may be empty.
 * @returns Rights that the device did not know.
 * @throws MedsealError `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const at = { network, agent, log: 'care/hospital', device };
 * const doctor = await openParty({ ...webPorts, ...at, seed: phraseToSeed(phrase) });
 * const found = await restoreRights(doctor);
 * console.log(`${found.length} rights are back`);
 * ```
 */
export async function restoreRights(party: Party): Promise<readonly KnownRight[]> {
  const added: KnownRight[] = [];
  const known = new Set((await knownRights(party)).map(({ digest }) => digest));
  for (let after: Bytes32 = ZERO32, more = true; more;) {
    const page = await findAfter(party, after);
    const own = page.rights.flatMap((each) => ownRight(party, each) ?? []);
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
  return added;
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

/** Those that k coordinators confirm, asked a few at once: a node serves nobody alone. */
async function standing(
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
