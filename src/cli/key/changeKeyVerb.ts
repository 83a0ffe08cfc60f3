import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { turnFormerKeys } from '../../client/epochs/turnFormerKeys.ts';
import { changeKey } from '../../client/party/changeKey.ts';
import type { Party } from '../../client/party/Party.ts';
import { seedToPhrase } from '../../crypto/keys/phrase.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { keySignerOf, writeKey, type KeyFile } from '../../device/keystore.ts';
import { unlockKey } from '../../device/lockedKeys.ts';
import { formerSeedsOf, nextKeyOf, withKeyChanged, withNextKey } from '../../device/nextKey.ts';
import { openSeedParty } from '../../device/openKeystoreParty.ts';
import { endUnlocked } from '../../device/unlockedKeys.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import type { Address } from '../../protocol/ids.ts';
import { MAX_KEY_CHANGES } from '../../protocol/rights/keyAfter.ts';
import { findHome, nodesOf, type Home } from '../home/Home.ts';
import { agentAt } from '../home/Nodes.ts';
import { readPassphrase } from '../home/readPassphrase.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { reachNodeOf } from '../home/openVisitor.ts';
import { readPinnedNetwork } from '../home/readPinnedNetwork.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { keyHere } from './keysHere.ts';
import { numbered } from './newKey.ts';
import type { KEY_CHANGED } from './keyAnswers.ts';
import { withKeyLocked } from './withKeyLocked.ts';

/** Options of `medseal key change`. */
export interface ChangeKeyOptions extends VisitorOptions {
  readonly yes?: boolean;
  readonly keepMandates?: boolean;
}

/**
 * Changes the key of a party: a new one of new words signs and opens from now on. The new seed is on the device, under
 * the passphrase, before anything is signed, and the old one until the change stands. Safe to repeat: it goes on with
 * the same new key.
 *
 * @throws MedsealError `PASSPHRASE_WRONG`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `KEY_CHANGED` if another device changed the
 * key, `NOT_CONFIRMED`, `FOLDER_LOCKED`; what `changeKey` throws.
 */
export async function changeKeyVerb(
  terminal: Terminal,
  name: string | undefined,
  options: ChangeKeyOptions,
): Promise<AnswerOf<typeof KEY_CHANGED>> {
  const home = findHome(options);
  const { name: chosen } = await keyHere(home, name);
  return await withKeyLocked(home, chosen, async () => await change(terminal, chosen, options));
}

async function change(
  terminal: Terminal,
  name: string,
  options: ChangeKeyOptions,
): Promise<AnswerOf<typeof KEY_CHANGED>> {
  const at = await openHere(terminal, name, options);
  const { key, party } = at;
  terminal.progress.stage('asking the nodes');
  const facts = await factsOf(at);
  const isDone = facts.key?.signer !== undefined && facts.key.signer === key.next?.signer;
  if (key.next === undefined && facts.handle !== undefined && (await isTurned(at))) {
    return {
      value: { name: key.name, address: party.address, signer: keySignerOf(key) },
      lines: [`The change of the key ${key.name} is finished: the keys of the chart have turned.`],
    };
  }
  const { changing, seed } = await prepare(terminal, at);
  const phrase = seedToPhrase(seed);
  if (!isDone) await confirm(terminal, at, phrase, options);
  terminal.progress.stage('changing the key on the ledger');
  const changed = async (renewed: Party): Promise<void> => {
    terminal.progress.stage('storing the new key');
    const stored = await withKeyChanged(changing, renewed);
    // The process that holds the old seed in memory must not give it out for the new one.
    if (!key.demo) await endUnlocked(at.home.keystore, key);
    await writeKey(at.home.keystore, stored);
    if (!key.demo) await endUnlocked(at.home.keystore, key);
    terminal.progress.stage('turning the keys of the chart');
  };
  const { keepMandates = false } = options;
  const answered = await changeKey(party, seed, { changed, keepMandates });
  const { signer, transaction, block, endedMandates } = answered;
  const named = { name: key.name, address: party.address, signer, phrase };
  const ended = endedMandates.length > 0 ? { endedMandates } : {};
  return {
    value: { ...named, transaction, block, ...ended },
    lines: [
      `${key.name} is ${party.address} as before, with another key.`,
      `Ledger ${transaction}, block ${block}`,
      '',
      // Words that were shown and confirmed are not shown twice.
      ...(isDone || options.yes === true
        ? [
            'These are the new 24 words. Write them down on paper, and show them to nobody:',
            '',
            ...numbered(phrase),
          ]
        : [
            `The old 24 words are worth nothing from now on. "${calledAs(`key phrase ${key.name}`)}" prints the new ones again.`,
          ]),
      '',
      `Every other device of ${key.name} needs the new words: ${calledAs(`key restore ${key.name}`)}`,
      ...endedMandates.map(
        (mandate) =>
          `The mandate ${mandate.slice(0, 8)} ended: this device did not know it, and whoever had the old key can have given it.`,
      ),
      ...(facts.handle === undefined
        ? ['Patients whose records you read must accept the new key: medseal contact accept']
        : []),
    ],
  };
}

/** A key of the device, opened at its organisation's node, with its passphrase. */
interface Opened {
  readonly home: Home;
  readonly key: KeyFile;
  readonly passphrase: string;
  readonly party: Party;
}

async function openHere(
  terminal: Terminal,
  name: string,
  options: ChangeKeyOptions,
): Promise<Opened> {
  const home = findHome(options);
  const key = await keyHere(home, name);
  const known = await readPinnedNetwork(options, home);
  if (key.demo && !known.demo) throw new MedsealError('KEYSTORE_DEMO', {});
  const reached = await reachNodeOf(terminal, { home, known, key }, options);
  // Also of a key that is unlocked: whoever finds the device open does not change its key.
  const passphrase = key.demo ? '' : await readPassphrase(terminal, key.name, options);
  const ports = await machinePorts();
  const { primitives, cipher } = ports;
  const askPassphrase = async (): Promise<string> => await Promise.resolve(passphrase);
  const seed = await unlockKey(key, { primitives, askPassphrase });
  const formerSeeds = await formerSeedsOf(key, seed, cipher);
  const agent = agentAt(await nodesOf(home, options.url), reached.organisation);
  const place = { ...reached, ports, keystore: home.keystore, agent };
  const party = await openSeedParty({ ...key, seed, formerSeeds }, place);
  return { home, key, passphrase, party };
}

/** Facts of the party, which may change its key now. */
async function factsOf({ key, party }: Opened): Promise<PartyFacts> {
  const { party: facts } = await confirmFacts(party, { party: party.address });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (facts.suspended) throw new MedsealError('PARTY_SUSPENDED', {});
  const known: (Address | undefined)[] = [keySignerOf(key), key.next?.signer];
  if (!known.includes(facts.key?.signer ?? facts.party)) throw new MedsealError('KEY_CHANGED', {});
  if (key.next === undefined && (key.keyChanges?.length ?? 0) >= MAX_KEY_CHANGES) {
    const reason = `a party changes its key ${MAX_KEY_CHANGES} times at most`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: key.name, reason });
  }
  return facts;
}

/** Tells whether a change of before had left keys to turn; they are turned then. */
async function isTurned({ key, party }: Opened): Promise<boolean> {
  return key.signer !== undefined && (await turnFormerKeys(party));
}

/** The next key, which is on the disk before anything is signed. */
async function prepare(
  terminal: Terminal,
  { home, key, passphrase }: Opened,
): Promise<{ readonly changing: KeyFile; readonly seed: Uint8Array }> {
  const { primitives, random } = await machinePorts();
  const next = nextKeyOf(key);
  if (next !== undefined) {
    const askPassphrase = async (): Promise<string> => await Promise.resolve(passphrase);
    return { changing: key, seed: await unlockKey(next, { primitives, askPassphrase }) };
  }
  terminal.progress.stage('making the new key');
  const seed = random(32);
  const changing = await withNextKey(primitives, key, seed, passphrase, terminal.passphrases);
  await writeKey(home.keystore, changing);
  return { changing, seed };
}

/** Shows the new words and asks. A key that was made for this question goes with a no. */
async function confirm(
  terminal: Terminal,
  { home, key }: Opened,
  phrase: string,
  { yes = false }: ChangeKeyOptions,
): Promise<void> {
  try {
    await terminal.confirm(
      [
        `The key of ${key.name}, ${key.address}, is about to be replaced.`,
        ...(yes
          ? []
          : [
              '',
              'These 24 words are the new key. Write them down on paper, and show them to nobody:',
              '',
              ...numbered(phrase),
              '',
            ]),
        'The old key and its 24 words sign nothing from then on, on any device.',
      ],
      'Have you written the words down, and is the key to be changed?',
    );
  } catch (error) {
    const isOwn = key.next === undefined && isMedsealError(error, 'NOT_CONFIRMED');
    if (isOwn) await writeKey(home.keystore, key);
    throw error;
  }
}
