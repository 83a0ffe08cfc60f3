import { base64 } from '@scure/base';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import type { SentLetter } from '../../protocol/AgentPort.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { nameOfCare } from '../../protocol/care/nameOfCare.ts';
import type { CareType, Grant, Signed } from '../../protocol/struct/requests.ts';
import { saltOfStep } from '../../protocol/care/saltOfStep.ts';
import { digestOf, sign, signerOf } from '../../protocol/struct/signing.ts';
import type { Will } from '../../protocol/care/vitalRecords.ts';
import { confirmRecipient } from '../rights/confirmRecipient.ts';
import { identitiesOf } from '../party/identitiesOf.ts';
import type { Party } from '../party/Party.ts';
import { signersOf } from '../party/signersOf.ts';
import type { ClaimStepTold } from './ClaimTold.ts';
import type { DispenseTold } from './DispenseTold.ts';
import type { DeviceNote } from './DeviceNote.ts';
import type { MISTAKE_ANSWER, MISTAKE_LETTER } from './Mistake.ts';

/**
 * Seconds that a letter waits: one that hands over a right or tells of a step, any other, which nodes treat as a stranger's, and
 * one to the party itself.
 */
const [WAIT_LONG, WAIT, WAIT_OWN] = [60 * 24 * 3600, 14 * 24 * 3600 - 300, 90 * 24 * 3600 - 300];
/** Number of letters that are taken at once. */
const PAGE = 64;
/** Letters that are read in one collection: twice as many as honest nodes keep for a reader, since one of them may lie. */
const MOST_READ = 2048;

/** Content of a letter. */
export interface LetterContent {
  readonly format: 'medseal-letter/1';
  /** A right that was given to the reader. */
  readonly grant?: Grant;
  /** The sender asks the reader for a right; `entry` shows that the log has it. */
  readonly request?: Signed<'AccessRequest'>;
  /** True if the sender withdraws the request. */
  readonly withdrawn?: boolean;
  /** The entry of a request, or of the answer to a request of the reader. */
  readonly entry?: Acknowledgement;
  /** The sender, a patient, says that something is wrong which the reader wrote, or that the reader should not have looked. */
  readonly mistake?: Of<typeof MISTAKE_LETTER>;
  /** The answer to such a report of the reader. */
  readonly mistakeAnswer?: Of<typeof MISTAKE_ANSWER>;
  /** A pharmacist tells what was dispensed to the reader. */
  readonly dispensed?: DispenseTold;
  /** The sender, a patient, hands over the opening of their will. */
  readonly will?: Will;
  /** A side of a claim, or its verifier, tells the reader of a step that it took. */
  readonly claimStep?: ClaimStepTold;
  /** The sender, a doctor, tells the reader, a laboratory, of an order: the entry by which it is on its chart. */
  readonly order?: { readonly entry: Acknowledgement };
  /** The sender, a laboratory, tells that a report answers an order of the reader, or without an entry that it has no access. */
  readonly orderAnswer?: {
    readonly order: Bytes32;
    readonly entry?: Acknowledgement;
    /** True if a result is critical. */
    readonly critical?: boolean;
  };
  /** Notes of one device of the party for the others, in a letter of the party to itself. */
  readonly notes?: readonly DeviceNote[];
}

/** A letter that was opened. */
export interface OpenedLetter {
  readonly id: Bytes32;
  /** The sender that it names. */
  readonly from: Address;
  /** Last second at which nodes keep it. */
  readonly until: number;
  /** The key that signed it. Only `confirmSigner` tells if it is the sender's. */
  readonly signer: Address;
  /** Content; absent if it cannot be opened, or is malformed. */
  readonly content?: LetterContent;
}

/**
 * Writes to another party: sealed to the recipient that k coordinators confirm, and deposited with nodes until it is
 * read. A letter about a step that the ledger counted has a place in every box, and waits for a suspended reader too.
 *
 * @param party - Sender.
 * @param to - Reader.
 * @param content - Content of the letter.
 * @param options.pinned - SHA-256 of the recipient that was sealed to before.
 * @param options.step - Request of the step that the letter tells of, one letter to each reader.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RECIPIENT_CHANGED`, `QUOTA_SPENT`.
 */
export async function sendLetter(
  party: Party,
  to: Address,
  content: Omit<LetterContent, 'format'>,
  options: { readonly pinned?: Bytes32 | undefined; readonly step?: Signed<CareType> } = {},
): Promise<void> {
  const { primitives, cipher } = party;
  const step = options.step && nameOfCare(party, options.step);
  const recipient = await confirmRecipient(party, to, options.pinned, step !== undefined);
  const letter: LetterContent = { format: 'medseal-letter/1', ...content };
  const plaintext = utf8ToBytes(canonicalJson(letter));
  const bytes = await sealBytes([recipient], plaintext, { ...(cipher && { cipher }) });
  const sealed = base64.encode(bytes);
  const wait = letter.grant === undefined && step === undefined ? WAIT : WAIT_LONG;
  const request = sign(party, party, 'Letter', {
    to,
    letter: bytesToHex(primitives.sha256(utf8ToBytes(sealed))),
    until: seconds(party.clock) + (to === party.address ? WAIT_OWN : wait),
    salt: step === undefined ? bytesToHex(party.random(16)) : saltOfStep(step),
  });
  await party.agent.send({ request, ...(step !== undefined && { step }), sealed });
}

/**
 * Collects the letters that wait for a party, and opens them. A letter that nobody signed, or that is for another party,
 * is left out. After 2,048 letters it ends; the rest comes with the next collection.
 *
 * @param party - The reader.
 * @param take - Handles a letter, and returns true if it is done: nodes then delete it.
 * @returns Number of letters that were taken.
 * @throws MedsealError of the agent; of `take`.
 */
export async function collectLetters(
  party: Party,
  take: (letter: OpenedLetter) => Promise<boolean>,
): Promise<number> {
  const seen = new Set<Bytes32>();
  const taken: Bytes32[] = [];
  for (let told = 0; ;) {
    const given = await collect(party, taken.slice(told, told + PAGE));
    told = Math.min(taken.length, told + PAGE);
    // A node that makes up letters without end would have the reader go on for ever.
    const read = seen.size < MOST_READ ? given : [];
    const fresh = read
      .filter((letter) => isSound(party, letter))
      .filter(({ request }) => {
        return !seen.has(digestOf(party, 'Letter', request.message));
      });
    if (fresh.length === 0 && told === taken.length) return taken.length;
    for (const sent of fresh) {
      const letter = await opened(party, sent);
      seen.add(letter.id);
      if (await take(letter)) taken.push(letter.id);
    }
  }
}

async function collect(party: Party, taken: readonly Bytes32[]): Promise<readonly SentLetter[]> {
  const request = sign(party, party, 'Collect', {
    taken: [...taken],
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  });
  const given: unknown = await party.agent.collect(request);
  return Array.isArray(given) ? (given as readonly SentLetter[]) : [];
}

/** Tells whether somebody signed it to this reader, and a key of the reader what names the reader as its sender. */
function isSound(party: Party, { request, sealed }: SentLetter): boolean {
  return succeeds(() => {
    const { party: from, message, signature } = request;
    const signer = signerOf(party, 'Letter', message, signature);
    const hash = bytesToHex(party.primitives.sha256(utf8ToBytes(sealed)));
    return (
      request.type === 'Letter' &&
      message.to === party.address &&
      hash === message.letter &&
      (from !== party.address || signersOf(party).includes(signer))
    );
  });
}

async function opened(party: Party, { request, sealed }: SentLetter): Promise<OpenedLetter> {
  const { party: from, message, signature } = request;
  const { until } = message;
  const signer = signerOf(party, 'Letter', message, signature);
  const letter = { id: digestOf(party, 'Letter', message), from, until, signer };
  try {
    const { cipher } = party;
    const options = { ...(cipher && { cipher }) };
    const text = bytesToUtf8(await openBytes(identitiesOf(party), base64.decode(sealed), options));
    const content = JSON.parse(text) as LetterContent;
    return content.format === 'medseal-letter/1' ? { ...letter, content } : letter;
  } catch {
    return letter;
  }
}
