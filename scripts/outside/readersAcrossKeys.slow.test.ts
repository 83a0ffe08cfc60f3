import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { handOver } from '../../src/client/letters/accessRequests.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { addBatches } from '../../src/client/test/addBatches.ts';
import { enterState, KEY_STATES, partyIn, type KeyState } from '../../src/client/test/keyStates.ts';
import { bytesToHex, utf8ToBytes } from '../../src/crypto/bytes.ts';
import type { ErrorCode } from '../../src/errors/catalogue.ts';
import { listen, type Listening } from '../../src/http/listen.ts';
import { networkApp } from '../../src/http/networkApp.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type TestNetwork,
} from '../../src/node/test/testNetwork.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { EXAMPLES, python } from './pythonExample.ts';

/** The example in Python reads in each state of the release key, as others do in `src/client/records/readersAcrossKeys.test.ts`. */

const TEXT = 'a record for another language';

/** Reads all that a right covers, at the network's time. */
const READ = `
import json, sys, time
now = int(sys.argv.pop())
time.time = lambda: now
from open_record import read_records, receive_grant
try:
    found = [content.decode() for _, _, content in read_records(receive_grant())]
except ValueError as error:
    sys.exit(str(error))
print(json.dumps(found))
`;

const READERS = ['grantee', 'grantee of one record'] as const;
/** Those who are refused in each state, and what they are told. */
const REFUSED = [
  ['doctor without a right', /no letter holds a grant/],
  ['doctor whose right ended', /RIGHT_ENDED/],
] as const;
/** Words of the example to a reader who is refused. */
const SAID: Partial<Readonly<Record<ErrorCode, RegExp>>> = {
  RELEASE_PENDING: /RELEASE_PENDING/,
  SEAL_UNREADABLE: /the record is sealed under another release key/,
};

interface Written {
  readonly network: TestNetwork;
  readonly door: Listening;
  readonly parties: Readonly<Record<string, Party>>;
}

const ends: (() => unknown)[] = [];
const written = new Map<boolean, Written>();

async function write(guarded: boolean): Promise<Written> {
  const network = await startTestNetwork({ cared: true, guarded });
  ends.push(async () => await network.close());
  const { patient, doctor, stranger, handle, right } = await startCare(network);
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  const { record } = await addRecord(doctor, { ...version, content: utf8ToBytes(TEXT) });
  await addBatches(patient, await network.party('nurse'));
  const only = { categories: ['vitals'], actions: ['read'], record } as const;
  const alone = await grantRight(patient, { ...everything(stranger), ...only });
  const former = await network.party('doctor');
  const ended = await grantRight(patient, everything(former));
  for (const each of [right, alone, ended]) await handOver(patient, each);
  await revokeRight(patient, ended.digest);
  const app = networkApp(new Map([['hospital', network.agent()]]), { clock: network.clock });
  const door = await listen(app, 0);
  ends.push(async () => await door.close());
  const parties = {
    grantee: doctor,
    'grantee of one record': stranger,
    'doctor without a right': await network.party('doctor'),
    'doctor whose right ended': former,
  };
  return { network, door, parties };
}

describe('a reader in Python', { skip: typeof python === 'string' ? python : false }, () => {
  let folder: string;

  before(async () => {
    folder = await temporaryFolder({ after: (end: () => unknown) => void ends.push(end) });
    for (const guarded of [false, true]) written.set(guarded, await write(guarded));
  });
  after(async () => {
    for (const each of ends.toReversed()) await each();
  });

  /** Returns a text for each record that a party reads with the example. */
  async function readBy(
    state: KeyState,
    name: string,
  ): Promise<{ readonly said: string; readonly found?: readonly string[] }> {
    const { network, door, parties } = written.get(state.guarded) ?? assert.fail();
    const party = partyIn(network, state, parties[name] ?? assert.fail());
    const [file, key] = [join(folder, 'network.json'), join(folder, 'key.json')];
    await writeFile(file, JSON.stringify(party.network));
    const seed = bytesToHex(party.keys.seed());
    await writeFile(key, JSON.stringify({ name, organisation: 'hospital', seed }));
    assert.ok(typeof python !== 'string');
    const at = [`${door.url}/hospital`, file, key, `${seconds(network.clock)}`];
    const { code, stdout, stderr } = await python.runBeside(['-B', '-c', READ, ...at], {
      cwd: EXAMPLES,
    });
    assert.doesNotMatch(stderr, /Traceback/);
    return { said: stderr, ...(code === 0 && { found: JSON.parse(stdout) as readonly string[] }) };
  }

  for (const state of KEY_STATES) {
    const { about, refused, guarded } = state;
    describe(about, () => {
      before(async () => {
        await enterState((written.get(guarded) ?? assert.fail()).network, state);
      });

      for (const reader of READERS) {
        it(`${refused === undefined ? 'reads all that the right covers' : 'is refused'}, as the ${reader}`, async () => {
          const { said, found } = await readBy(state, reader);
          if (refused !== undefined) return assert.match(said, SAID[refused] ?? assert.fail());
          const [text, ...batches] = found ?? assert.fail(said);
          assert.equal(text, TEXT);
          const sealers = batches.map((each) => /sealed-by-(device|gateway)/.exec(each)?.[1]);
          assert.deepEqual(sealers, reader === 'grantee' ? ['device', 'gateway'] : []);
        });
      }

      for (const [reader, why] of REFUSED) {
        it(`is refused, as the ${reader}`, async () => {
          const { said, found } = await readBy(state, reader);
          assert.match(said, why);
          assert.equal(found, undefined);
        });
      }
    });
  }
});
