import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { validatorsAbi } from '../../bindings/generated/validatorsAbi.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readEvents } from '../../bindings/readEvents.ts';
import { readOfficeChanges } from '../../bindings/readOfficeChanges.ts';
import { readReplacedBy } from '../../bindings/readReplacedBy.ts';
import { readStake } from '../../bindings/readStake.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Sender } from '../../ledger/openSender.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import { ZERO32, type Address, type Hex } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { signerOf, type SigningContext } from '../../protocol/struct/signing.ts';
import type { SignedRule, Successor } from '../../protocol/network/Successor.ts';
import { begunOffice, begunStake } from './begunChange.ts';
import { isDoneAtOnce } from './isDoneAtOnce.ts';
import { isHeldOffice } from './isHeldOffice.ts';

/** Way to the ledger for the changes that belong to a successor. */
export interface RulesCarrier extends Pick<SigningContext, 'domain' | 'primitives'> {
  readonly network: Pick<NetworkFile, 'contracts'>;
  readonly ledger: LedgerProvider;
  readonly sender: Sender;
  readonly clock: Clock;
}

/**
 * Brings the changes of offices and stakes that belong to a successor as far as the ledger lets them go: begins those
 * that were not begun, and finishes those whose delay has passed. A validator's key is replaced, or loses its power, at once. Safe to repeat.
 *
 * @param carrier - The ledger, and who sends.
 * @param successor - With the signatures of the offices; the contracts verify them.
 * @returns True if all of them are in force.
 * @throws MedsealError `RULE_REFUSED` with the contract's reason.
 */
export async function carryChanges(
  carrier: RulesCarrier,
  {
    offices,
    stakes,
    from,
    replacement,
    removal,
  }: Pick<Successor, 'offices' | 'stakes' | 'from' | 'replacement' | 'removal'>,
): Promise<boolean> {
  // It cannot wait for anything else.
  let isDone = removal === undefined || (await carryRemoval(carrier, removal));
  for (const rule of offices) isDone = (await carryOffice(carrier, rule)) && isDone;
  isDone = (await carryStakes(carrier, { stakes, from })) && isDone;
  if (replacement !== undefined) isDone = (await carryReplacement(carrier, replacement)) && isDone;
  return isDone;
}

async function carryOffice(
  carrier: RulesCarrier,
  rule: SignedRule<'OfficeChange'>,
): Promise<boolean> {
  const { ledger, network } = carrier;
  const { contracts } = network;
  const { office, change } = rule.message;
  const known = await readOfficeChanges(ledger, contracts, office);
  const { begun, made, readyAt } = known;
  if (made >= change) {
    const held = known.offices.get(change);
    if (held !== undefined && !isHeldOffice(rule.message, held)) throw unknown();
    return true;
  }
  if (begun < change) {
    const signed = inOrder(carrier, 'OfficeChange', rule);
    const data = encodeBatch(registryAbi, 'changeOffices', [signed]);
    const isBegun = async (): Promise<boolean> =>
      (await begunOffice(carrier, contracts.registry, rule.message)) === 'same' ||
      (await isMade(carrier, rule));
    await send(carrier, { to: contracts.registry, data, isDone: isBegun });
    return false;
  }
  if (begun > change) throw unknown();
  const found = await begunOffice(carrier, contracts.registry, rule.message);
  if (found === 'other') throw unknown();
  // Another node can have finished it since.
  if (found === 'none') return false;
  // An idle ledger's newest block may be old; the one with this transaction is not.
  if (readyAt > seconds(carrier.clock)) return false;
  const data = encodeBatch(registryAbi, 'finishOfficeChanges', [[rule.message]]);
  const isDone = async (): Promise<boolean> => await isMade(carrier, rule);
  return await send(carrier, { to: contracts.registry, data, isDone, passing: ['ChangeEarly'] });
}

/** Tells whether the ledger has made a change of an office, and no other with its number. */
async function isMade(
  { ledger, network }: RulesCarrier,
  { message }: SignedRule<'OfficeChange'>,
): Promise<boolean> {
  const { made, offices } = await readOfficeChanges(ledger, network.contracts, message.office);
  const held = offices.get(message.change);
  return made >= message.change && (held === undefined || isHeldOffice(message, held));
}

/**
 * Begins changes of stakes, and finishes those that were begun. The contract gives stake to another key of an organisation only while a
 * change that takes that of the present one is under way, so those that take begin first; and they are finished last, so
 * that the last validator is never taken away before another one is there.
 */
async function carryStakes(
  carrier: RulesCarrier,
  { stakes, from }: Pick<Successor, 'stakes' | 'from'>,
): Promise<boolean> {
  if (stakes.length === 0) return true;
  const { validators } = carrier.network.contracts;
  if (validators === undefined) throw new MedsealError('RULE_REFUSED', { reason: 'StakeInvalid' });
  const states = new Map<SignedRule<'StakeChange'>, StakeState>();
  // Before anything of it is begun: half of a change could give an organisation more than the whole.
  for (const rule of stakes) states.set(rule, await stakeState(carrier, validators, rule));
  const given = stakes.filter((rule) => states.get(rule) === 'new');
  const takesFirst = given.toSorted((a, b) => rank(a) - rank(b));
  for (const rule of takesFirst) await beginStake(carrier, validators, rule);
  let isDone = given.length === 0;
  for (const rule of stakes.filter((each) => states.get(each) === 'begun')) {
    isDone = (await finishStake(carrier, validators, { rule, from })) && isDone;
  }
  return isDone;
}

function rank({ message: { amount } }: SignedRule<'StakeChange'>): number {
  return amount === 0 ? 0 : 1;
}

/** State of a change of a stake at the ledger. */
type StakeState = 'new' | 'begun' | 'over';

async function stakeState(
  { ledger }: RulesCarrier,
  validators: Address,
  { message: { key, change } }: SignedRule<'StakeChange'>,
): Promise<StakeState> {
  const stake = await readStake(ledger, validators, key);
  if (stake.change > change) return 'over';
  if ((await readReplacedBy(ledger, validators, key)) === ZERO32) {
    return stake.change < change ? 'new' : 'begun';
  }
  // No key is replaced while a change of it is under way: one that was begun was finished before.
  if (stake.change === change) return 'over';
  throw new MedsealError('RULE_REFUSED', { reason: 'KeyWasReplaced' });
}

async function beginStake(
  carrier: RulesCarrier,
  validators: Address,
  rule: SignedRule<'StakeChange'>,
): Promise<void> {
  const signed = inOrder(carrier, 'StakeChange', rule);
  const data = encodeBatch(validatorsAbi, 'changeStakes', [signed]);
  const isBegun = async (): Promise<boolean> =>
    (await begunStake(carrier, validators, rule.message)) === 'same';
  await send(carrier, { to: validators, data, isDone: isBegun });
}

async function finishStake(
  carrier: RulesCarrier,
  validators: Address,
  { rule, from }: { readonly rule: SignedRule<'StakeChange'>; readonly from: number },
): Promise<boolean> {
  const { ledger } = carrier;
  const { key, amount } = rule.message;
  if ((await begunStake(carrier, validators, rule.message)) !== 'same') throw unknown();
  const isDone = async (): Promise<boolean> =>
    (await readStake(ledger, validators, key)).amount === amount;
  if (await isDone()) return true;
  // A validator has its stake from the moment on at which the network file names it, and not before.
  if (from > seconds(carrier.clock)) return false;
  const data = encodeBatch(validatorsAbi, 'finishStakeChanges', [[rule.message]]);
  return await send(carrier, { to: validators, data, isDone, passing: ['ChangeEarly'] });
}

/** The file that names the new key may be to come: until then too the former one must not have a vote. */
async function carryReplacement(
  carrier: RulesCarrier,
  rule: SignedRule<'KeyReplacement'>,
): Promise<boolean> {
  return await carryAtOnce(carrier, { replacement: rule }, () =>
    encodeBatch(validatorsAbi, 'replaceKeys', [inOrder(carrier, 'KeyReplacement', rule)]),
  );
}

/** Power is taken when it is published. Once it lapsed, or was confirmed, nothing of it is done again. */
async function carryRemoval(
  carrier: RulesCarrier,
  rule: SignedRule<'KeyRemoval'>,
): Promise<boolean> {
  return await carryAtOnce(carrier, { removal: rule }, () =>
    encodeBatch(validatorsAbi, 'removeKeys', [inOrder(carrier, 'KeyRemoval', rule)]),
  );
}

/** Has the contract do what waits for nothing, unless that is done. */
async function carryAtOnce(
  carrier: RulesCarrier,
  act: Pick<Successor, 'replacement' | 'removal'>,
  dataOf: () => Hex,
): Promise<boolean> {
  const { validators } = carrier.network.contracts;
  if (validators === undefined) throw new MedsealError('RULE_REFUSED', { reason: 'StakeInvalid' });
  const isDone = async (): Promise<boolean> => await isDoneAtOnce(carrier, act);
  if (await isDone()) return true;
  return await send(carrier, { to: validators, data: dataOf(), isDone });
}

/** The contract's answer to a change that it did not begin. */
function unknown(): MedsealError {
  return new MedsealError('RULE_REFUSED', { reason: 'ChangeUnknown' });
}

/** A request to a contract. */
interface ContractRequest {
  readonly to: Address;
  readonly data: Hex;
  /** Tells whether the ledger has what it asks for. */
  readonly isDone: () => Promise<boolean>;
  /** Reasons for a refusal that pass. */
  readonly passing?: readonly string[];
}

/**
 * Sends a request; false if the contract refuses it for a reason that passes. All nodes bring the same at about the same
 * time: a refusal does not count if another one was the first.
 */
async function send({ sender }: RulesCarrier, request: ContractRequest): Promise<boolean> {
  const { to, data, isDone, passing = [] } = request;
  const { logs } = await sender.send({ to, data });
  for (const event of readEvents(logs)) {
    if (event.kind !== 'Refused') continue;
    if (passing.includes(event.error)) return false;
    if (await isDone()) return true;
    throw new MedsealError('RULE_REFUSED', { reason: event.error });
  }
  return true;
}

/** A rule with its signatures as the contracts take them: each signer's once, in the order of the addresses. */
function inOrder<Type extends 'OfficeChange' | 'StakeChange' | 'KeyReplacement' | 'KeyRemoval'>(
  context: Pick<SigningContext, 'domain' | 'primitives'>,
  type: Type,
  { message, signatures }: SignedRule<Type>,
): SignedRule<Type> {
  const bySigner = new Map(
    signatures.map((signature) => [signerOf(context, type, message, signature), signature]),
  );
  const sorted = [...bySigner].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { message, signatures: sorted.map(([, signature]) => signature) };
}
