import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { canonicalHash } from '../../protocol/wire/canonicalHash.ts';
import type { GivenDeal } from '../../protocol/dealing/Dealing.ts';
import { isPartSigned } from '../../protocol/dealing/isPartSigned.ts';
import { dealersOf, planFounding } from '../../protocol/dealing/planFounding.ts';
import { heldPart } from '../../protocol/dealing/verifyDeals.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import { openFoundingShare } from './foundingDeals.ts';
import { heldName, type HeldFile, type ReadFiles } from './termsFiles.ts';

type Ports = Pick<NodePorts, 'primitives' | 'cipher'>;
type Member = Pick<OrganisationHome, 'organisation' | 'keys' | 'shares'>;

/** The fault of a deal, or of its file. */
export type DealFault = MedsealError<'DEAL_INVALID'> | MedsealError<'CEREMONY_INVALID'>;

/** Deals that hold, and the faults of the others. */
export interface SoundDeals {
  readonly deals: readonly GivenDeal[];
  readonly faults: readonly DealFault[];
}

/**
 * Opens what each deal by itself gives an organisation, and leaves out those that do not hold.
 *
 * @param ports - Hashes, the curve, cipher.
 * @param member - The organisation.
 * @param terms - The terms of the network.
 * @param given - The deals, and the faults of others' files.
 * @throws MedsealError `DEAL_INVALID` with the organisation if the fault is its own.
 */
export async function soundDeals(
  ports: Ports,
  member: Member,
  terms: NetworkFile,
  given: ReadFiles<GivenDeal>,
): Promise<SoundDeals> {
  const sound: SoundDeals[] = [];
  for (const deal of given.files) sound.push(await joinable(ports, member, terms, [deal]));
  const faults = sound.flatMap((each) => each.faults);
  return {
    deals: sound.flatMap(({ deals }) => deals),
    faults: [...given.faults.values(), ...faults],
  };
}

/** Leaves out deals that do not hold, or take out something of the others, one after the other. */
async function joinable(
  ports: Ports,
  member: Member,
  terms: NetworkFile,
  given: readonly GivenDeal[],
): Promise<SoundDeals> {
  const faults: DealFault[] = [];
  let deals = given;
  for (;;) {
    const [single, another] = deals;
    if (single === undefined) return { deals, faults };
    try {
      await openFoundingShare(ports, member, terms, deals);
      return { deals, faults };
    } catch (error) {
      const fault = faultIn(member, error, another ? undefined : single.organisation);
      faults.push(fault);
      deals = deals.filter((deal) => deal.organisation !== fault.values.organisation);
    }
  }
}

/** The fault of another one's deal; anything that a single one brings about is its own. Other faults are thrown. */
function faultIn(
  { organisation: own }: Member,
  error: unknown,
  dealer?: Organisation,
): MedsealError<'DEAL_INVALID'> {
  if (isMedsealError(error, 'DEAL_INVALID') && error.values.organisation !== own) return error;
  if (!isMedsealError(error, 'REQUEST_MALFORMED') || dealer === undefined || dealer === own) {
    throw error;
  }
  const values = { organisation: dealer, reason: error.message };
  return new MedsealError('DEAL_INVALID', values, { cause: error });
}

/**
 * Signs the deals whose shares an organisation opened and found right, for the founder.
 *
 * @param ports - Hashes and the curve.
 * @param member - The organisation.
 * @param terms - The terms of the network.
 * @param deals - The deals.
 */
export function signHeldDeals(
  { primitives }: Pick<Ports, 'primitives'>,
  { organisation, keys: { coordinator: key } }: Member,
  terms: NetworkFile,
  given: readonly GivenDeal[],
): HeldFile {
  const deals = given.map((deal) => digestOf(primitives, deal));
  const part = heldPart(primitives, terms.networkId, deals);
  const { signature } = sign({ primitives, domain: domainOf(terms) }, key, 'ShareDeal', part);
  return { format: 'medseal-held/1', organisation, deals, signature };
}

/**
 * Chooses the deals that a founder joins: those that hold here, and at each organisation that says which ones it holds.
 *
 * @param ports - Hashes, the curve, cipher.
 * @param founder - The founder.
 * @param terms - The terms of the network.
 * @param given - Its own deal, those of the others, and which ones they hold; nothing of others is trusted.
 * @returns The deals, and why others are left out.
 * @throws MedsealError `DEAL_INVALID` if too few deals hold; `DEALS_MISSING` with who has yet to say that it holds whose deal;
 * `CEREMONY_INVALID` with a file that does not say what its organisation holds, or not in its own name.
 */
export async function joinableDeals(
  ports: Ports,
  founder: Member,
  terms: NetworkFile,
  {
    own,
    others,
    held: said,
  }: {
    readonly own: GivenDeal;
    readonly others: ReadFiles<GivenDeal>;
    readonly held: ReadFiles<HeldFile>;
  },
): Promise<SoundDeals> {
  const needed = dealersOf(terms);
  const { deals, faults } = await soundDeals(ports, founder, terms, {
    ...others,
    files: [own, ...others.files],
  });
  const [fault] = faults;
  if (deals.length < needed) {
    if (fault !== undefined) throw fault;
    return { deals, faults };
  }
  // Whoever got a false share is heard before the sum is tried: a liar chooses whose share it makes nothing.
  const unheld = unheldIn(ports, terms, said, deals);
  const held = deals.filter((deal) => !unheld.has(deal));
  if (held.length < needed || unheld.has(own)) {
    const lines = [...unheld].map(
      ([{ organisation }, by]) => `${by.join(', ')} must confirm the share of ${organisation}`,
    );
    const missing = [...lines, ...faults.map(({ message }) => message)].join('; ');
    throw new MedsealError('DEALS_MISSING', { missing });
  }
  const last = await joinable(ports, founder, terms, held);
  const [lastFault] = last.faults;
  if (last.deals.length < needed && lastFault !== undefined) throw lastFault;
  const unconfirmed = [...unheld].map(([{ organisation }, by]) => {
    const reason = `${by.join(', ')} did not confirm the share that it dealt`;
    return new MedsealError('DEAL_INVALID', { organisation, reason });
  });
  return { deals: last.deals, faults: [...faults, ...unconfirmed, ...last.faults] };
}

/** The deals that somebody who says what it holds does not hold, with those who do not. */
function unheldIn(
  { primitives }: Ports,
  terms: NetworkFile,
  { files, faults }: ReadFiles<HeldFile>,
  deals: readonly GivenDeal[],
): ReadonlyMap<GivenDeal, readonly Organisation[]> {
  const context = { primitives, domain: domainOf(terms) };
  const plan = planFounding(terms, 0);
  // Nobody knows what it holds: to found without it can take its seat.
  const fault = deals.flatMap(({ organisation }) => faults.get(organisation) ?? [])[0];
  if (fault !== undefined) throw fault;
  const holding = files.flatMap(({ organisation, deals: held, signature }) => {
    if (deals.every((deal) => deal.organisation !== organisation)) return [];
    const part = heldPart(primitives, terms.networkId, held);
    if (isPartSigned(context, part, signature, plan.signerOf(organisation))) {
      return [{ organisation, held: new Set(held) }];
    }
    const reason = 'its coordinator did not sign which deals it holds';
    throw new MedsealError('CEREMONY_INVALID', { file: heldName(organisation), reason });
  });
  const lacking = deals.map((deal) => {
    const digest = digestOf(primitives, deal);
    const without = holding.filter(({ held }) => !held.has(digest));
    return [deal, without.map(({ organisation }) => organisation)] as const;
  });
  return new Map(lacking.filter(([, by]) => by.length > 0));
}

function digestOf(primitives: Ports['primitives'], deal: GivenDeal): Bytes32 {
  return canonicalHash(primitives, deal);
}
