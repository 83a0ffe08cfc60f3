import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { runSessionEnd } from './atSessionEnd.ts';
import { lastKnown } from './lastKnown.ts';
import type { Session } from './Session.ts';

/** A session whose clock stands at a second. */
function sessionAt(second: () => number): Pick<Session, 'party'> {
  return { party: { clock: { now: () => second() * 1000 } } } as unknown as Session;
}

const away = async (): Promise<string> =>
  await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' }));
const refused = async (): Promise<string> =>
  await Promise.reject(new MedsealError('RIGHT_ENDED', {}));
const answers = (value: string) => async (): Promise<string> => await Promise.resolve(value);

it('gives the last answer with its moment while no node can be reached, and the new one without', async () => {
  let now = 100;
  const session = sessionAt(() => now);
  assert.deepEqual(await lastKnown(session, 'a', answers('first')), { value: 'first' });
  now = 200;
  assert.deepEqual(await lastKnown(session, 'a', away), { value: 'first', asOf: 100 });
  assert.deepEqual(await lastKnown(session, 'a', answers('second')), { value: 'second' });
});

it('gives nothing that was not asked for before, and nothing of another name or session', async () => {
  const session = sessionAt(() => 100);
  await lastKnown(session, 'a', answers('first'));
  await assert.rejects(lastKnown(session, 'b', away), { code: 'PEER_UNREACHABLE' });
  const other = sessionAt(() => 100);
  await assert.rejects(lastKnown(other, 'a', away), { code: 'PEER_UNREACHABLE' });
});

it('does not show an answer again that was taken back, or once the session has ended', async () => {
  const session = sessionAt(() => 100);
  await lastKnown(session, 'a', answers('first'));
  await assert.rejects(lastKnown(session, 'a', refused), { code: 'RIGHT_ENDED' });
  runSessionEnd(session.party);
  await assert.rejects(lastKnown(session, 'a', away), {
    code: 'PEER_UNREACHABLE',
  });
});
