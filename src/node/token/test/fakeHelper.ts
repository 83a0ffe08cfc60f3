/**
 * A helper of tests in place of `medseal-pkcs11`, with a key in its memory. Its argument is a file that says how it behaves, which it reads
 * before each answer, and beside which it notes each start.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { bytesToHex, hexToBytes } from '../../../crypto/bytes.ts';
import { portablePrimitives } from '../../../crypto/portablePrimitives.ts';
import { GROUP_ORDER, scalarBytes, toInteger } from '../../../crypto/threshold/scalars.ts';
import type { TokenFailure, TokenQuestion } from '../tokenMessages.ts';

/** Behaviour of a helper of tests. */
export interface FakeToken {
  readonly does:
    TokenFailure | 'signs' | 'hangs' | 'ends' | 'babbles' | 'garbles' | 'shortens' | 'signsAnother';
  /** The key, 32 bytes; the one in the token. */
  readonly secret: `0x${string}`;
  /** The PIN that it takes. */
  readonly pin: string;
  /** True if each label has a key of its own, which follows from that. */
  readonly perLabel?: boolean;
  /** True if each s is high. */
  readonly high?: boolean;
}

function sha256(text: string): Uint8Array {
  return portablePrimitives.sha256(Buffer.from(text));
}

const [, , settings = ''] = process.argv;
let pin: string | undefined;

createInterface(process.stdin).on('line', (line) => {
  if (pin === undefined) {
    ({ pin } = JSON.parse(line) as { pin: string });
    appendFileSync(`${settings}.starts`, `${process.pid} ${process.argv.length}\n`);
    return;
  }
  const fake = JSON.parse(readFileSync(settings, 'utf8')) as FakeToken;
  const answer = answerOf(JSON.parse(line) as TokenQuestion, fake);
  if (answer !== undefined) process.stdout.write(`${answer}\n`);
});

function answerOf(asked: TokenQuestion, fake: FakeToken): string | undefined {
  const { id } = asked;
  if (fake.does === 'hangs') return undefined;
  if (fake.does === 'ends') process.exit(1);
  if (fake.does === 'babbles') return 'not JSON';
  if (pin !== fake.pin) {
    appendFileSync(`${settings}.pins`, `${pin}\n`);
    return JSON.stringify({ id, code: 'pin', reason: 'C_Login returned 0xa0' });
  }
  const isWell = ['signs', 'garbles', 'shortens', 'signsAnother'].includes(fake.does);
  if (!isWell) return JSON.stringify({ id, code: fake.does, reason: 'as the test says' });
  const own = `${fake.secret}${asked.object ?? ''}`;
  const secret = fake.perLabel === true ? sha256(own) : hexToBytes(fake.secret);
  if (asked.do === 'look') return JSON.stringify({ id });
  if (asked.do !== 'sign') {
    return JSON.stringify({ id, key: written(portablePrimitives.publicKey(secret), fake) });
  }
  const digest = hexToBytes(asked.digest ?? '0x');
  if (fake.does === 'signsAnother') digest.reverse();
  const signature = portablePrimitives.sign(digest, secret).subarray(0, 64);
  if (fake.high === true) {
    signature.set(scalarBytes(GROUP_ORDER - toInteger(signature.subarray(32))), 32);
  }
  const given = fake.does === 'shortens' ? signature.subarray(0, 63) : signature;
  return JSON.stringify({ id, signature: written(given, fake) });
}

/** Bytes as the answer has them: if it garbles, as long as they should be, and no hexadecimal. */
function written(bytes: Uint8Array, { does }: FakeToken): string {
  const text = bytesToHex(bytes);
  return does === 'garbles' ? `${text.slice(0, -1)}x` : text;
}
