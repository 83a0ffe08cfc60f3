// Over 400 lines: every transport between peers has to pass the same cases, so they stand in one list.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { collectBytes } from '../crypto/sealing/collectBytes.ts';
import { isStream } from '../crypto/sealing/isStream.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import type { SignedApplication } from '../protocol/AgentPort.ts';
import type { Organisation } from '../protocol/ids.ts';
import { organisationId } from '../protocol/network/networkLookups.ts';
import type { Enrolment } from '../protocol/struct/requests.ts';
import { sign } from '../protocol/struct/signing.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import {
  acknowledged,
  doctor,
  LOG,
  NOW,
  receiptOf,
  sampleBody,
  sampleView,
} from '../protocol/test/sampleEvidence.ts';
import { context, ORGANISATIONS, signatory, word } from '../protocol/test/sampleNetwork.ts';
import { peerCalls, type PeerMethod, type PeerPorts } from '../services/peers/peerCalls.ts';

/** A transport between organisations, as the cases need it. */
export interface PeerTransport {
  /** The services of the receiver, as the caller reaches them. */
  peer(caller: Organisation, receiver: Organisation): PeerPorts;
  close(): Promise<void>;
}

const party = signatory('patient').address;
const application = (organisation: string): SignedApplication => ({
  application: sign(context, doctor, 'Application', {
    party: doctor.address,
    role: 'doctor',
    organisation,
    recipient: word('recipient'),
    deadline: NOW + 300,
  }),
  card: { party: doctor.address, recipient: 'age1doctor' },
});
const enrolment: Enrolment = {
  party,
  role: 1,
  organisation: organisationId('hospital'),
  recipient: word('recipient'),
  handle: word('handle'),
  deadline: NOW + 300,
};
const [audit = assert.fail()] = await acknowledged([sampleBody()]);
const [signedVerdict = assert.fail()] = audit.verdicts;
const { checkpoint, ledger } = await receiptOf([audit], 0);
const { verdict, coordinator, signature, index } = signedVerdict;

type Method = `${keyof PeerPorts}.${string}`;

/** A well-formed argument for each method, about the hospital if it is about an organisation. */
const samples: {
  readonly [Service in keyof PeerPorts]: {
    readonly [Name in keyof PeerPorts[Service]]: PeerPorts[Service][Name] extends (
      argument: infer Argument,
    ) => unknown
      ? Argument
      : never;
  };
} = {
  coordinator: {
    judge: { log: LOG, bodies: [{ body: '{}', record: audit }] },
    knownSize: LOG,
    lastSigned: LOG,
    awaited: LOG,
    ended: LOG,
    indexed: word('basis'),
    shown: { log: LOG, from: 3 },
    judged: { log: LOG, entries: [word('entry')] },
    listed: { log: LOG, entries: [word('entry')] },
    show: { log: LOG, note: 'note', from: 4, entries: [], verdicts: [] },
    signCheckpoint: {
      log: LOG,
      note: 'note',
      from: 4,
      entries: [word('entry')],
      verdicts: [
        { verdict, coordinator, signature, from: 0, part: { index, proof: [word('proof')] } },
      ],
    },
    takeConflict: {
      log: LOG,
      index: 2,
      one: { note: 'note', entry: word('entry'), proof: [word('proof')] },
      other: { note: 'other', entry: word('other'), proof: [] },
    },
    advance: [{ handle: word('handle'), epoch: 2, packets: word('packets'), deadline: NOW }],
    vouch: { request: sign(context, doctor, 'View', sampleView) },
    release: {
      log: LOG,
      recipient: 'age1pq1reader',
      views: [{ view: audit, place: 0, seal: `0x${'02'.repeat(130)}`, encapsulation: word('c') }],
    },
    releases: { audit, since: 0, from: 3 },
    erased: { audit, log: LOG, index: 3 },
    attest: { nonce: word('nonce'), block: 7, party, grants: true },
    tally: { audit, log: LOG, size: 4, root: word('root') },
  },
  contributor: {
    stats: [word('file')],
    smallFiles: [word('file')],
    file: word('file'),
    keep: { card: { party, recipient: 'age1patient' } },
    keepRules: [{ request: sign(context, doctor, 'View', sampleView) }],
    card: party,
    sheet: { handle: word('handle'), epoch: 1, root: word('root') },
    state: { handle: word('handle'), nonce: word('nonce') },
    letters: sign(context, doctor, 'Collect', {
      taken: [],
      deadline: NOW,
      salt: `0x${'0d'.repeat(16)}`,
    }),
    rights: sign(context, doctor, 'FindRights', {
      after: word('right'),
      deadline: NOW,
      salt: `0x${'0d'.repeat(16)}`,
    }),
    keptAfter: 4,
    keptCopies: [word('kept')],
    read: { log: LOG, from: 0, to: 256 },
    latestCheckpoint: LOG,
    nextCheckpoint: { log: LOG, size: 7 },
    notice: { checkpoint, ledger },
  },
  authority: {
    draft: application('hospital'),
    approve: {
      application: application('hospital'),
      enrolment,
      opening: { patientId: 'P-0123456789ABCDEF', salt: '0x00' },
    },
    approveSender: enrolment,
    approveSuspension: { party: enrolment.party, suspended: true, change: 1, deadline: 7 },
  },
};
const sample: Readonly<Record<Method, unknown>> = Object.fromEntries(
  Object.entries(samples).flatMap(([service, methods]) =>
    Object.entries(methods).map(([name, argument]) => [`${service}.${name}`, argument]),
  ),
);

/** Methods that only the hospital may call, because they concern its log or its applicants. */
const HOSPITAL_ALONE: readonly Method[] = [
  'coordinator.judge',
  'coordinator.release',
  'coordinator.knownSize',
  'coordinator.shown',
  'coordinator.judged',
  'coordinator.show',
  'coordinator.signCheckpoint',
  'contributor.notice',
  'authority.approve',
];

/** Faults that the argument of any method can have. */
const MALFORMED: readonly unknown[] = [undefined, null, 7, 'x'.repeat(3), true, [[]], [null]];

/** Makes a receiver whose services note their calls, and answer as a test says. */
class Receiver {
  readonly asked: [Method, unknown][] = [];
  answer: (argument: unknown) => unknown = () => null;
  streamed: () => AsyncIterable<Uint8Array> = async function* () {};
  readonly ports = Object.fromEntries(
    Object.entries(peerCalls).map(([service, calls]) => [
      service,
      Object.fromEntries(
        Object.entries(calls).map(([method, row]) => [
          method,
          (row as PeerMethod).gives === 'bytes'
            ? (argument: unknown) => {
                this.asked.push([`${service as keyof PeerPorts}.${method}`, argument]);
                return this.streamed();
              }
            : async (argument: unknown) => {
                this.asked.push([`${service as keyof PeerPorts}.${method}`, argument]);
                return await Promise.resolve(this.answer(argument));
              },
        ]),
      ),
    ]),
  ) as unknown as PeerPorts;
}

/** Calls a method as an untyped program would. */
async function call(ports: PeerPorts, method: Method, argument: unknown): Promise<unknown> {
  const [service = '', name = ''] = method.split('.');
  const port = Reflect.get(ports, service) as Record<string, (argument: unknown) => unknown>;
  const result = port[name]?.(argument);
  return isStream(result) ? await collectBytes(result) : await result;
}

/** Makes an answer that fails. */
function failing(error: unknown): () => Promise<never> {
  return async () => await Promise.reject(error);
}

/**
 * Runs the cases that every transport between organisations passes.
 *
 * @param connect - Opens the transport over the services of each organisation.
 */
export function describePeers(
  connect: (services: ReadonlyMap<Organisation, PeerPorts>) => Promise<PeerTransport>,
): void {
  const receivers = new Map(ORGANISATIONS.map((name) => [name as string, new Receiver()]));
  let transport: PeerTransport;
  before(async () => {
    transport = await connect(new Map([...receivers].map(([name, { ports }]) => [name, ports])));
  });
  after(async () => await transport.close());

  function receiver(name: Organisation = 'laboratory'): Receiver {
    const found = receivers.get(name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    found.asked.length = 0;
    found.answer = () => null;
    return found;
  }

  function laboratoryFile(): AsyncIterable<Uint8Array> {
    return transport.peer('hospital', 'laboratory').contributor.file(word('file'));
  }

  describe('who may call what', () => {
    it('lets nobody but its organisation speak for a log, or for an applicant', async () => {
      const laboratory = receiver();
      for (const method of HOSPITAL_ALONE) {
        const refused = call(transport.peer('insurer', 'laboratory'), method, sample[method]);
        const [, name] = method.split('.');
        await assert.rejects(refused, failsWith('PEER_FORBIDDEN', { method: name }), method);
      }
      assert.equal(laboratory.asked.length, 0, 'no service heard of it');
      for (const method of HOSPITAL_ALONE) {
        await call(transport.peer('hospital', 'laboratory'), method, sample[method]);
      }
      const heard = laboratory.asked.map(([method]) => method);
      assert.deepEqual(heard, HOSPITAL_ALONE);
    });

    it('lets a member of the authority draft for its own organisation’s agent alone', async () => {
      for (const [caller, at, of] of [
        ['hospital', 'laboratory', 'hospital'],
        ['hospital', 'laboratory', 'laboratory'],
        ['hospital', 'hospital', 'laboratory'],
      ] as const) {
        const { asked } = receiver(at);
        const refused = call(transport.peer(caller, at), 'authority.draft', application(of));
        await assert.rejects(refused, failsWith('PEER_FORBIDDEN'));
        assert.equal(asked.length, 0);
      }
      const own = receiver('hospital');
      const drafting = transport.peer('hospital', 'hospital');
      await call(drafting, 'authority.draft', application('hospital'));
      assert.equal(own.asked.length, 1);
    });

    it('lets every member of the channel read, count and look up', async () => {
      const laboratory = receiver();
      const open = (Object.keys(sample) as Method[]).filter(
        (method) => !HOSPITAL_ALONE.includes(method) && method !== 'authority.draft',
      );
      for (const method of open) {
        await call(transport.peer('insurer', 'laboratory'), method, sample[method]);
      }
      assert.deepEqual(
        laboratory.asked,
        open.map((method) => [method, sample[method]]),
      );
    });

    it('lets nobody ask about a log of no channel of theirs', async () => {
      const laboratory = receiver();
      for (const [method, argument] of [
        ['contributor.read', { log: 'other/hospital', from: 0, to: 1 }],
        ['contributor.latestCheckpoint', 'other/hospital'],
        ['contributor.nextCheckpoint', { log: '', size: 0 }],
        ['contributor.notice', { checkpoint: { ...checkpoint, log: 'hospital' }, ledger }],
        ['coordinator.judge', { log: 'care/hospital/', bodies: [] }],
        ['coordinator.tally', { audit, log: 'care', size: 0, root: word('root') }],
      ] as const) {
        const refused = call(transport.peer('hospital', 'laboratory'), method, argument);
        await assert.rejects(refused, failsWith('PEER_FORBIDDEN'), method);
      }
      assert.deepEqual(laboratory.asked, []);
    });

    it('refuses malformed arguments, whoever calls', async () => {
      const laboratory = receiver();
      for (const method of Object.keys(sample) as Method[]) {
        const right = sample[method];
        const wrong = [
          ...MALFORMED.filter((value) => typeof value !== typeof right || Array.isArray(value)),
          ...(typeof right === 'object' && !Array.isArray(right) ? [{}] : []),
        ];
        for (const argument of wrong) {
          const refused = call(transport.peer('hospital', 'laboratory'), method, argument);
          await assert.rejects(
            refused,
            failsWith('REQUEST_MALFORMED'),
            `${method}: ${JSON.stringify(argument)}`,
          );
        }
      }
      assert.deepEqual(laboratory.asked, []);
    });

    it('refuses what a method does not take, within the argument too', async () => {
      const laboratory = receiver();
      const [more, text] = [{ more: 1 }, { log: 7 }];
      for (const [method, argument] of [
        ['contributor.read', { ...samples.contributor.read, ...more }],
        ['contributor.read', { ...samples.contributor.read, ...text }],
        ['contributor.notice', { ledger, checkpoint: { ...checkpoint, ...more } }],
        ['contributor.keep', { ...samples.contributor.keep, ...more }],
        ['contributor.keep', { submission: samples.contributor.keepRules[0] }],
        ['contributor.letters', { ...samples.contributor.letters, type: 'Letter' }],
        ['coordinator.judge', { log: LOG, bodies: [{ body: '{}', ...more }] }],
        ['coordinator.judge', { log: LOG, bodies: [{ body: '{}', record: [] }] }],
        ['coordinator.advance', [{ ...samples.coordinator.advance[0], epoch: -1 }]],
        ['coordinator.tally', { ...samples.coordinator.tally, audit: {} }],
        ['authority.approveSender', { ...enrolment, deadline: 0.5 }],
        ['authority.approveSuspension', { ...samples.authority.approveSuspension, ...more }],
      ] as const) {
        const refused = call(transport.peer('hospital', 'laboratory'), method, argument);
        await assert.rejects(refused, failsWith('REQUEST_MALFORMED'), method);
      }
      assert.deepEqual(laboratory.asked, []);
    });

    it('has no other methods', async () => {
      const peer = transport.peer('hospital', 'laboratory');
      for (const port of Object.values(peer) as Record<string, unknown>[]) {
        for (const name of ['catchUp', 'obtain', 'repair', 'stop', 'constructor', 'then']) {
          assert.equal(typeof port[name] === 'function' && name !== 'constructor', false, name);
        }
      }
    });
  });

  describe('what crosses', () => {
    it('gives the service what JSON carries of the argument, and the caller of the answer', async () => {
      const laboratory = receiver();
      laboratory.answer = () => ({ size: 4, name: 'Zoë', gone: undefined, list: [null, true] });
      const asked = { log: LOG, from: 0, to: 4, gone: undefined };
      const peer = transport.peer('hospital', 'laboratory');
      const answer = await call(peer, 'contributor.read', asked);
      assert.deepEqual(laboratory.asked, [['contributor.read', { log: LOG, from: 0, to: 4 }]]);
      assert.deepEqual(answer, { size: 4, name: 'Zoë', list: [null, true] });
    });

    it('gives nothing if there is nothing', async () => {
      receiver().answer = () => undefined;
      const peer = transport.peer('hospital', 'laboratory');
      const after = { log: LOG, size: 7 };
      assert.equal(await call(peer, 'contributor.nextCheckpoint', after), undefined);
      assert.equal(await call(peer, 'contributor.latestCheckpoint', LOG), undefined);
    });

    it('refuses what cannot be sent, either way', async () => {
      const peer = transport.peer('hospital', 'laboratory');
      const unsendable = { log: LOG, from: 0n, to: 1 };
      await assert.rejects(call(peer, 'contributor.read', unsendable), failsWith('INTERNAL'));
      receiver().answer = () => 1n;
      await assert.rejects(call(peer, 'contributor.card', party), failsWith('INTERNAL'));
    });

    it('carries typed errors with their values, and says nothing of others', async () => {
      const peer = transport.peer('hospital', 'laboratory');
      const laboratory = receiver();
      laboratory.answer = failing(new MedsealError('EPOCH_STALE', { epoch: 7 }));
      const stale = call(peer, 'contributor.card', party);
      await assert.rejects(stale, failsWith('EPOCH_STALE', { epoch: 7 }));
      laboratory.answer = failing(new Error('the path /secret'));
      await assert.rejects(call(peer, 'contributor.card', party), (error) => {
        assert.ok(isMedsealError(error, 'INTERNAL'));
        assert.doesNotMatch(JSON.stringify([error, String(error.cause)]), /secret/);
        return true;
      });
    });

    it('answers calls at the same time, each with its own', async () => {
      receiver().answer = (argument) => argument;
      const peer = transport.peer('hospital', 'laboratory');
      const handles = Array.from({ length: 50 }, (_, number) => word(`handle ${number}`));
      const answers = await Promise.all(
        handles.map(async (handle) => await call(peer, 'contributor.keptCopies', [handle])),
      );
      assert.deepEqual(
        answers,
        handles.map((handle) => [handle]),
      );
    });
  });

  describe('files', () => {
    it('stream as they are, whatever their size', async () => {
      for (const size of [0, 1, 65_536, 5_000_000]) {
        const content = Buffer.alloc(size, 'sealed');
        receiver().streamed = async function* () {
          for (let at = 0; at < size; at += 70_000) yield content.subarray(at, at + 70_000);
          await Promise.resolve();
        };
        assert.ok(content.equals(await collectBytes(laboratoryFile())), `${size} bytes`);
      }
    });

    it('tell by a typed error that they are not there', async () => {
      receiver().streamed = async function* () {
        yield await Promise.reject(new MedsealError('FILE_ABSENT', {}));
      };
      await assert.rejects(collectBytes(laboratoryFile()), failsWith('FILE_ABSENT'));
    });

    it('that break off are an error, not a short file', async () => {
      receiver().streamed = async function* () {
        yield await Promise.resolve(Buffer.alloc(100_000));
        throw new MedsealError('FILE_MISMATCH', {});
      };
      const broken = collectBytes(laboratoryFile());
      await assert.rejects(broken, (error) => isMedsealError(error));
    });

    it('end at the source when the reader has enough', async () => {
      const ended = Promise.withResolvers<void>();
      receiver().streamed = async function* () {
        try {
          for (;;) yield await Promise.resolve(Buffer.alloc(65_536));
        } finally {
          ended.resolve();
        }
      };
      for await (const part of laboratoryFile()) {
        assert.ok(part.length > 0);
        break;
      }
      await ended.promise;
    });
  });
}
