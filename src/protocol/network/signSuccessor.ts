import { MedsealError } from '../../errors/MedsealError.ts';
import { countSuccessor, signingOffices } from './countSuccessor.ts';
import { domainOf } from '../struct/domainOf.ts';
import { fingerprintOf } from './fingerprintOf.ts';
import type { SigningKey } from '../../crypto/keys/SigningKey.ts';
import type { Address } from '../ids.ts';
import { coordinatorsIn } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { numberOf } from '../wire/numberOf.ts';
import type { Messages } from '../struct/requests.ts';
import { sign, signerOf, type SigningContext } from '../struct/signing.ts';
import type { SignedRule, Successor } from './Successor.ts';
import type { SuccessorTerms } from './successorOf.ts';

/** The key of a seat in an office. */
export interface SeatKey {
  readonly address: Address;
  readonly signingKey: SigningKey;
}

/**
 * Drafts the successor of a network file; nobody has signed it.
 *
 * @param context - SHA-256.
 * @param predecessor - The file before.
 * @param terms - Parts that the successor has instead.
 * @param rules - The changes at the ledger that belong to it.
 */
export function draftSuccessor(
  { primitives }: Pick<SigningContext, 'primitives'>,
  predecessor: NetworkFile,
  terms: SuccessorTerms,
  rules: {
    readonly offices?: readonly Messages['OfficeChange'][];
    readonly stakes?: readonly Messages['StakeChange'][];
    readonly replacement?: Messages['KeyReplacement'] | undefined;
    readonly removal?: Messages['KeyRemoval'] | undefined;
  } = {},
): Successor {
  const { offices = [], stakes = [], replacement, removal } = rules;
  return {
    format: 'medseal-successor/1',
    number: numberOf(predecessor) + 1,
    predecessor: fingerprintOf(primitives, predecessor),
    ...terms,
    signatures: [],
    offices: offices.map((message) => ({ message, signatures: [] })),
    stakes: stakes.map((message) => ({ message, signatures: [] })),
    ...(replacement && { replacement: { message: replacement, signatures: [] } }),
    ...(removal && { removal: { message: removal, signatures: [] } }),
  };
}

/**
 * Signs a successor with the keys of seats, each for every office that it sits in: the successor itself, and the
 * changes at the ledger that belong to it. A key that signed before does not sign again.
 *
 * @param context - Hashes and the curve.
 * @param predecessor - The file before, which names the seats.
 * @param successor - Successor to sign, with the signatures so far.
 * @param keys - The keys.
 * @throws MedsealError `SIGNATURE_INVALID` if a key has no seat; as `countSuccessor`.
 */
export function signSuccessor(
  context: Pick<SigningContext, 'primitives'>,
  predecessor: NetworkFile,
  successor: Successor,
  keys: readonly SeatKey[],
): Successor {
  const { message, network } = countSuccessor(context, predecessor, successor);
  const signing: SigningContext = { ...context, domain: domainOf(predecessor) };
  const [coordinators] = predecessor.channels.map(coordinatorsIn);
  const asked = signingOffices(predecessor, network, successor).flatMap(({ office }) =>
    seatsOf(office),
  );
  const all = new Set([
    ...seatsOf(predecessor.authority),
    ...predecessor.channels.flatMap((channel) => seatsOf(coordinatorsIn(channel))),
    ...asked,
  ]);
  if (keys.some(({ address }) => !all.has(address)))
    throw new MedsealError('SIGNATURE_INVALID', {});
  const { replacement, removal } = successor;
  const { signatures } = signed(
    'NetworkChange',
    { message, signatures: successor.signatures },
    asked,
  );
  return {
    ...successor,
    signatures,
    offices: successor.offices.map((rule) =>
      signed(
        'OfficeChange',
        rule,
        seatsOf(rule.message.office === 'authority' ? predecessor.authority : coordinators),
      ),
    ),
    stakes: successor.stakes.map((rule) => signed('StakeChange', rule, seatsOf(coordinators))),
    ...(replacement && {
      replacement: signed('KeyReplacement', replacement, seatsOf(coordinators)),
    }),
    ...(removal && { removal: signed('KeyRemoval', removal, seatsOf(coordinators)) }),
  };

  function signed<
    Type extends 'NetworkChange' | 'OfficeChange' | 'StakeChange' | 'KeyReplacement' | 'KeyRemoval',
  >(type: Type, rule: SignedRule<Type>, seats: readonly Address[]): SignedRule<Type> {
    const before = new Set(
      rule.signatures.map((each) => signerOf(signing, type, rule.message, each)),
    );
    const own = keys
      .filter(({ address }) => seats.includes(address) && !before.has(address))
      .map((key) => sign(signing, key, type, rule.message).signature);
    return { message: rule.message, signatures: [...rule.signatures, ...own] };
  }
}

function seatsOf(office: NetworkFile['authority'] | undefined): readonly Address[] {
  return office?.members.map(({ address }) => address) ?? [];
}
