import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { LeaseWait } from '../LeaseWait.ts';
import { answersWithin } from './answersWithin.ts';

/** Milliseconds between two questions for the lock. A server that waited itself would log each end of a bounded wait. */
const ASK_EVERY = 500;
/** Longest wait for an answer, milliseconds: a machine without power ends no connection. */
const ANSWER = 5000;

/**
 * Waits until a connection has a lock; connects again after a connection broke. A server that refuses the first connection
 * is a wrong setting, which no wait corrects.
 *
 * @param wait - Ends the wait, and hears the reasons.
 * @param at - The database, for messages.
 * @param connect - Connects, waits for its turn, and goes on with the lock.
 * @throws MedsealError `CLOSED` once the wait is ended; as `connect` does.
 */
export async function untilLocked<Session>(
  { signal, onWaiting }: LeaseWait,
  at: string,
  connect: (turn: (client: Client, lock: string) => Promise<void>) => Promise<Session>,
): Promise<Session> {
  let wasReached = false;
  const turn = async (client: Client, lock: string): Promise<void> => {
    wasReached = true;
    while (!(await hasLocked(client, lock))) {
      onWaiting(new MedsealError('DATABASE_LOCKED', { at }));
      await pauseUnless(signal);
    }
  };
  for (;;) {
    try {
      return await connect(turn);
    } catch (error) {
      if (!wasReached || !isMedsealError(error, 'DATABASE_UNREACHABLE')) throw error;
      onWaiting(error);
    }
    await pauseUnless(signal);
  }
}

async function hasLocked(client: Client, lock: string): Promise<boolean> {
  const asked = client.query<[boolean]>({
    text: 'SELECT pg_try_advisory_lock(hashtextextended($1, 0))',
    values: [lock],
    rowMode: 'array',
  });
  if (!(await answersWithin(ANSWER, asked)))
    throw new Error(`it did not answer for ${ANSWER / 1000} s`);
  return (await asked).rows[0]?.[0] === true;
}

async function pauseUnless(signal: AbortSignal): Promise<void> {
  await pause(ASK_EVERY, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) throw new MedsealError('CLOSED', { what: 'node' });
}
