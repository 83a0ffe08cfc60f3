import { askRecovery } from '../../client/recovery/askRecovery.ts';
import { finishRecovery, type RecoveryProgress } from '../../client/recovery/finishRecovery.ts';
import { recoveryIn, type RecoveryFile } from '../../client/recovery/recoveryFile.ts';
import { takeOverChart, type ChartTakenOver } from '../../client/recovery/takeOverChart.ts';
import { recoveryWords } from '../../client/recovery/recoveryWords.ts';
import type { FormerWishes } from '../../client/state/withoutFormerWishes.ts';
import type { Party } from '../../client/party/Party.ts';
import { restoreRights } from '../../client/rights/restoreRights.ts';
import { parseAddress } from '../../crypto/parseAddress.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeKey, type KeyFile } from '../../device/keystore.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address } from '../../protocol/ids.ts';
import { ROLES } from '../../protocol/vocabulary.ts';
import { readCard } from '../contact/findContact.ts';
import { describeMoment } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { findHome, type Home } from '../home/Home.ts';
import { openKeyAt, reachNodeOf } from '../home/openVisitor.ts';
import { readPinnedNetwork } from '../home/readPinnedNetwork.ts';
import { writeRound } from '../party/writeRound.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { KEY_RECOVERED } from './keyAnswers.ts';
import type { KEY_RECOVER } from './keyOptions.ts';
import { keyHere } from './keysHere.ts';
import { ownedBy } from './restoreKey.ts';
import { withKeyLocked } from './withKeyLocked.ts';

/** The device's copy of what was asked for, beside the key. */
const FILE = 'recovery.json';

type RecoverOptions = VisitorOptions & OptionsOf<typeof KEY_RECOVER>;
type Recovered = AnswerOf<typeof KEY_RECOVERED>;

/** A new key that asks for a party, opened before a node. */
interface Asking {
  readonly home: Home;
  readonly key: KeyFile;
  readonly guest: Party;
  readonly options: RecoverOptions;
}

/**
 * Asks for the recovery of a party's key, whose holder lost the key and its words and made a new one. Run again it says how far that
 * is, and once the ledger has the new key, the device becomes the party.
 *
 * @throws MedsealError `ARGUMENT_INVALID` without the party, or for a key that is a party's already; what `askRecovery` and
 * `finishRecovery` throw.
 */
export async function recoverKey(
  terminal: Terminal,
  name: string | undefined,
  options: RecoverOptions,
): Promise<Recovered> {
  const home = findHome(options);
  const { name: chosen } = await keyHere(home, name);
  return await withKeyLocked(home, chosen, async () => {
    const key = await keyHere(home, chosen);
    const guest = await openGuestKey(terminal, home, key, options);
    const asking = { home, key, guest, options };
    const kept = await readAsked(asking);
    if (kept === undefined) return await ask(terminal, asking);
    const progress = await finishRecovery(guest, kept);
    const isOver = progress.state === 'stopped' || isLate(guest, kept, progress);
    if (isOver && options.party !== undefined) return await ask(terminal, asking);
    return await tell(terminal, asking, kept, progress);
  });
}

async function openGuestKey(
  terminal: Terminal,
  home: Home,
  key: KeyFile,
  options: RecoverOptions,
): Promise<Party> {
  if (key.role !== undefined) {
    const reason = `it is the key of a party already; make a new one with "${calledAs('key new <name>')}"`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: key.name, reason });
  }
  const known = await readPinnedNetwork(options, home);
  if (key.demo && !known.demo) throw new MedsealError('KEYSTORE_DEMO', {});
  const [first] = known.authority.members;
  const organisation = options.node ?? first?.organisation ?? '';
  const at = { home, known, key: { ...key, organisation } };
  const reached = await reachNodeOf(terminal, at, options);
  return await openKeyAt(terminal, { home, key, ...reached }, options);
}

async function ask(terminal: Terminal, asking: Asking): Promise<Recovered> {
  const { home, key, guest, options } = asking;
  if (options.party === undefined) {
    const reason = 'name the party whose key was lost: its card, or its address';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--party', reason });
  }
  const party = await addressOf(guest, options.party);
  const asked = await askRecovery(guest, { party });
  const { message } = asked;
  const words = recoveryWords(guest, message).join(' ');
  await confirmSigning(terminal, { key, party: guest }, [
    `  that the party ${party} lost its key,`,
    '  and that this new key takes its place',
    `  in words: ${words}`,
    '',
    'Read the words to the members of the authority, who must know you. The former key can stop it until the delay is over.',
  ]);
  await writeJsonFile(await openFolder(`${home.keystore}/${key.name}`), FILE, asked);
  const file = options.out ?? `${key.name}.recovery.json`;
  await writeRound(file, asked);
  const until = message.deadline;
  return {
    value: { name: key.name, address: party, state: 'asked', words, file, until },
    lines: [
      `Give ${file} to the members of the authority, who sign it until ${describeMoment(until)}: ${calledAs(`party recover ${file}`)}`,
      `In words: ${words}`,
      `Then run this again: ${calledAs(`key recover ${key.name}`)}`,
    ],
  };
}

async function tell(
  terminal: Terminal,
  { home, key, guest }: Asking,
  asked: RecoveryFile,
  progress: RecoveryProgress,
): Promise<Recovered> {
  const { party: address, deadline } = asked.message;
  const { state } = progress;
  const value = { name: key.name, address, state };
  const again = calledAs(`key recover ${key.name}`);
  switch (progress.state) {
    case 'asked': {
      const words = recoveryWords(guest, asked.message).join(' ');
      const isDue = !isLate(guest, asked, progress);
      return {
        value: { ...value, words, until: deadline },
        lines: [
          isDue
            ? `Too few members of the authority signed so far. They can until ${describeMoment(deadline)}.`
            : `Its time is over, and too few members of the authority signed. Ask again: ${again} --party ${address}`,
          `In words: ${words}`,
        ],
      };
    }
    case 'begun': {
      const { readyAt } = progress;
      return {
        value: { ...value, readyAt },
        lines: [
          `The recovery is under way. The new key takes effect at ${describeMoment(readyAt)}, unless the former key stops it.`,
          `Then run this again: ${again}`,
        ],
      };
    }
    case 'stopped':
      return {
        value,
        lines: [
          'The former key stopped the recovery, or was changed. Tell the authority if that was not you.',
          `Ask again: ${again} --party ${address}`,
        ],
      };
    case 'finished': {
      const { party, facts } = progress;
      const role = ROLES.find((each) => each === facts.role);
      if (role === undefined) throw new MedsealError('RECOVERY_UNFIT', { role: facts.role });
      const { organisation } = facts;
      const store = async (): Promise<void> => {
        await writeKey(home.keystore, ownedBy(key, { party, role, organisation }));
      };
      if (facts.handle !== undefined) {
        terminal.progress.stage('opening the chart');
        const taken = await takeOverChart(party);
        // Not before: the same command goes on after a cut.
        await store();
        return {
          value: { ...value, role, organisation, ...toldOf(taken) },
          lines: [
            `${key.name} is ${address}, a ${role} of ${organisation}, with a new key.`,
            ...linesOf(taken),
          ],
        };
      }
      await store();
      terminal.progress.stage('finding the rights that others gave');
      const rights = await countRights(party);
      return {
        value: { ...value, role, organisation, rights },
        lines: [
          `${key.name} is ${address}, a ${role} of ${organisation}, with a new key.`,
          `${rights} rights on charts are back. Contacts and open requests: ${calledAs('inbox')}`,
          'Those who share with you accept your new key first: medseal contact accept',
          'Letters and files that were sealed to the lost key alone stay closed.',
        ],
      };
    }
  }
}

function toldOf({
  grants,
  unknown,
  endedMandates,
  left,
}: ChartTakenOver): Pick<Recovered['value'], 'grants' | 'unknown' | 'endedMandates' | 'left'> {
  return {
    grants,
    ...(unknown.length > 0 && { unknown }),
    ...(endedMandates.length > 0 && { endedMandates }),
    ...(linesOfLeft(left).length > 0 && { left }),
  };
}

function linesOf({ grants, unknown, endedMandates, left }: ChartTakenOver): readonly string[] {
  return [
    `The chart is back: ${grants} rights that you gave go on. The audit names those who released it: ${calledAs('audit')}`,
    'The lost key opens nothing that is written from now on.',
    ...unknown.map(
      (grant) =>
        `The right ${grant.slice(0, 8)} is not in the chart’s state: whoever had the lost key can have given it. End it: ${calledAs(`revoke ${grant.slice(0, 8)}`)}`,
    ),
    ...endedMandates.map(
      (mandate) =>
        `The mandate ${mandate.slice(0, 8)} ended: whoever had the lost key can have given it.`,
    ),
    ...linesOfLeft(left),
    'Letters that were sealed to the lost key alone stay closed.',
  ];
}

/** A finder of the lost key can have put them into the state. */
function linesOfLeft({ rules, devices, erasures, wills }: FormerWishes): readonly string[] {
  const again = 'is not taken over. Make it again if it was yours:';
  return [
    ...rules.map((name) => `The rule ${name} ${again} ${calledAs('rule add')}`),
    ...devices.map((name) => `The name ${name} of a device ${again} ${calledAs('device name')}`),
    ...erasures.map(
      (category) => `The erasure of ${category} ${again} ${calledAs('record erase')}`,
    ),
    ...(wills > 0 ? [`The will ${again} ${calledAs('will set')}`] : []),
  ];
}

function isLate(
  { clock }: Party,
  { message }: RecoveryFile,
  { state }: Pick<RecoveryProgress, 'state'>,
): boolean {
  return state === 'asked' && message.deadline < seconds(clock);
}

/** The file of an earlier run on this device; its deadline may have passed. */
async function readAsked({ home, key, guest }: Asking): Promise<RecoveryFile | undefined> {
  const files = await openFolder(`${home.keystore}/${key.name}`);
  const value = await readJsonFile(files, FILE);
  if (value === undefined) return undefined;
  const known = recoveryIn(guest, JSON.stringify(value));
  if (known !== undefined) return known.file;
  const reason = `${FILE} was altered, or is of another network`;
  throw new MedsealError('KEYSTORE_INVALID', { path: key.name, reason });
}

async function addressOf({ primitives }: Pick<Party, 'primitives'>, who: string): Promise<Address> {
  return parseAddress(primitives, who) ?? (await readCard(who)).party;
}

/** Brings back the rights that others gave; a suspended party has no use of them. */
async function countRights(party: Party): Promise<number> {
  try {
    return (await restoreRights(party)).length;
  } catch (error) {
    if (!isMedsealError(error, 'PARTY_SUSPENDED')) throw error;
    return 0;
  }
}
